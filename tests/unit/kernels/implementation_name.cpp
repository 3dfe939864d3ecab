// Names of implementations: one text each, and no other text is one.
#include "kernels/implementation_name.h"

#include <set>

#include "tests/catch.h"

using namespace moat;

TEST_CASE("a name has one text, which reads back as the same name") {
  for (const auto& [name, text] :
       {std::pair{ImplementationName{ImplementationFamily::naive, ""}, "naive"},
        {ImplementationName{ImplementationFamily::portable, "opencl"}, "portable/opencl"},
        {ImplementationName{ImplementationFamily::library, "onednn"}, "library/onednn"},
        {ImplementationName{ImplementationFamily::library, "a/b"}, "library/a/b"}}) {
    CHECK(name.text() == text);
    CHECK(parse_implementation_name(text) == name);
    CHECK(family_of(text) == name.family);
  }
}

TEST_CASE("a text that is no name is none") {
  for (const char* text : {"", "naive/", "naive/x", "portable", "portable/", "library", "library/", "/x",
                           "Naive", "librarything/x", " naive"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_implementation_name(text));
    CHECK_FALSE(family_of(text));
    CHECK_FALSE(is_naive(text));
    CHECK_FALSE(is_portable(text));
    CHECK_FALSE(is_library(text));
  }
}

TEST_CASE("families are told apart by name") {
  CHECK(is_naive("naive"));
  CHECK(is_portable("portable/vulkan"));
  CHECK_FALSE(is_library("portable/library"));
  CHECK(is_library("library/portable"));
  for (const ImplementationFamily family :
       {ImplementationFamily::naive, ImplementationFamily::portable, ImplementationFamily::library})
    CHECK(parse_implementation_family(name(family)) == family);
  CHECK_FALSE(parse_implementation_family("other"));
}

TEST_CASE("names are ordered by family, then by member") {
  const ImplementationName naive{ImplementationFamily::naive, ""};
  const ImplementationName first{ImplementationFamily::library, "a"};
  const ImplementationName second{ImplementationFamily::library, "b"};
  CHECK(std::set<ImplementationName>{second, first, naive, first} ==
        std::set<ImplementationName>{naive, first, second});
  CHECK(naive < first);
  CHECK(first < second);
  CHECK(first != second);
}
