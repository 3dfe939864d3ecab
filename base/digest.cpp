// SHA-1 through Boost.Uuid's name generator, cut to 12 digits.
#include "base/digest.h"

#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/uuid.hpp>
#include <boost/uuid/uuid_io.hpp>

namespace moat {

std::string short_digest(std::string_view text) {
  const boost::uuids::name_generator_sha1 generate(boost::uuids::ns::oid());
  // "xxxxxxxx-xxxx-5xxx-…": the version digit lies behind the twelve that are used.
  const std::string uuid = boost::uuids::to_string(generate(text.data(), text.size()));
  return uuid.substr(0, 8) + uuid.substr(9, 4);
}

}  // namespace moat
