// The note that the linker left in the running program (elf(5), NT_GNU_BUILD_ID).
#include <elf.h>
#include <fmt/format.h>
#include <link.h>

#include <cstring>

#include "bench/environment/build_info.h"

namespace moat {
namespace {

std::size_t padded(std::size_t bytes) {
  return (bytes + 3) / 4 * 4;
}

std::string id_in(const char* notes, std::size_t bytes) {
  while (bytes >= sizeof(ElfW(Nhdr))) {
    ElfW(Nhdr) header;
    std::memcpy(&header, notes, sizeof header);
    const std::size_t whole = sizeof header + padded(header.n_namesz) + padded(header.n_descsz);
    if (whole > bytes) return "";
    const char* name = notes + sizeof header;
    if (header.n_type == NT_GNU_BUILD_ID && header.n_namesz == 4 && std::memcmp(name, "GNU", 4) == 0) {
      std::string text;
      for (std::size_t i = 0; i < header.n_descsz; ++i)
        text += fmt::format("{:02x}", static_cast<unsigned char>(name[padded(header.n_namesz) + i]));
      return text;
    }
    notes += whole;
    bytes -= whole;
  }
  return "";
}

/// Called for the program first; that ends the walk.
int take_id(dl_phdr_info* object, std::size_t /*size*/, void* result) {
  for (int i = 0; i < object->dlpi_phnum; ++i) {
    const ElfW(Phdr)& part = object->dlpi_phdr[i];
    if (part.p_type != PT_NOTE) continue;
    const std::string found =
        // The linker gives addresses as numbers.
        id_in(reinterpret_cast<const char*>(  // NOLINT(performance-no-int-to-ptr)
                  object->dlpi_addr + part.p_vaddr),
              part.p_memsz);
    if (!found.empty()) *static_cast<std::string*>(result) = found;
  }
  return 1;
}

}  // namespace

std::string build_id() {
  std::string found;
  dl_iterate_phdr(take_id, &found);
  return found;
}

}  // namespace moat
