#include "storage/table_footer.h"

#include <array>
#include <filesystem>
#include <fstream>
#include <optional>

#include "crypto/base/bytes.h"

namespace chancery::storage {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t footer_bytes = 53;
constexpr std::size_t version_place = 41;
constexpr std::uint8_t type_xxh3 = 4;
constexpr std::uint64_t table_magic = 0x88e241b785f4cff7;
constexpr std::uint64_t block_trailer_bytes = 5;  // Compression type and checksum.

using Footer = std::array<std::uint8_t, footer_bytes>;

std::uint64_t little_endian(const Footer& footer, std::size_t begin, std::size_t end) {
    std::uint64_t value = 0;
    for (std::size_t i = end; i > begin; --i)
        value = value << 8U | footer.at(i - 1);
    return value;
}

// Seven bits a byte, the lowest first; nullopt if it does not end before the version.
std::optional<std::uint64_t> varint(const Footer& footer, std::size_t& place) {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && place < version_place; shift += 7) {
        const std::uint8_t byte = footer.at(place++);
        value |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
        if (byte < 0x80) return value;
    }
    return std::nullopt;
}

// The metaindex is the last block: it ends where the footer begins.
bool is_metaindex_last(const Footer& footer, std::uint64_t file_bytes) {
    std::size_t place = 1;
    const auto offset = varint(footer, place);
    const auto size = varint(footer, place);
    const std::uint64_t end = file_bytes - footer_bytes;
    return offset && size && *offset <= end && *size <= end &&
           *offset + *size + block_trailer_bytes == end;
}

// Else a table that was never finished, which RocksDB removes, or refuses by itself.
bool has_magic(const Footer& footer) {
    return little_endian(footer, version_place + 4, footer_bytes) == table_magic;
}

std::string fault_of(const Footer& footer, std::uint64_t file_bytes) {
    const std::uint64_t version = little_endian(footer, version_place, version_place + 4);
    if (version != table_format_version) {
        return "version " + std::to_string(version) + ", want " +
               std::to_string(table_format_version);
    }
    if (footer.front() != type_xxh3) {
        return "checksums of type " + std::to_string(footer.front()) + ", want " +
               std::to_string(type_xxh3);
    }
    return is_metaindex_last(footer, file_bytes) ? "" : "a metaindex that is not its last block";
}

Result<void> check_table_footer(const fs::path& path) {
    std::error_code code;
    const std::uint64_t bytes = fs::file_size(path, code);
    if (code) return Error{Errc::io, path.string() + ": " + code.message()};
    if (bytes < footer_bytes) return {};
    Footer footer{};
    std::ifstream file(path, std::ios::binary);
    file.seekg(static_cast<std::streamoff>(bytes - footer_bytes));
    file.read(reinterpret_cast<char*>(footer.data()), footer_bytes);
    if (!file) return Error{Errc::io, path.string() + ": cannot be read"};
    const std::string fault = has_magic(footer) ? fault_of(footer, bytes) : std::string();
    if (fault.empty()) return {};
    return Error{Errc::corrupt, path.string() + ": the table has " + fault};
}

}  // namespace

Result<void> check_table_footers(const std::string& folder) {
    std::error_code code;
    for (fs::directory_iterator file(folder, code), end; !code && file != end;
         file.increment(code)) {
        if (file->path().extension() != ".sst") continue;
        if (auto good = check_table_footer(file->path()); !good) return good;
    }
    if (code) return Error{Errc::io, folder + ": " + code.message()};
    return {};
}

}  // namespace chancery::storage
