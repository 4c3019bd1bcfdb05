#include "node/cli/altered_file.h"

#include <filesystem>
#include <fstream>
#include <utility>

#include "crypto/json/canonical.h"
#include "crypto/json/fields.h"
#include "crypto/json/parse.h"
#include "node/local_file.h"

namespace chancery::cli {
namespace {

constexpr std::size_t note_bytes_max = 8 * 1024;

Result<std::uint8_t> read_byte(const AlteredFile::Place& place) {
    std::ifstream file(place.file, std::ios::binary);
    char byte = 0;
    if (file.seekg(static_cast<std::streamoff>(place.offset)) && file.get(byte))
        return static_cast<std::uint8_t>(byte);
    return Error{Errc::io, place.file + ": cannot be read at " + std::to_string(place.offset)};
}

Result<void> write_byte(const AlteredFile::Place& place, std::uint8_t byte) {
    std::fstream file(place.file, std::ios::binary | std::ios::in | std::ios::out);
    if (file.seekp(static_cast<std::streamoff>(place.offset)) &&
        file.put(static_cast<char>(byte)) && file.flush())
        return {};
    return Error{Errc::io, place.file + ": cannot be written at " + std::to_string(place.offset)};
}

struct Note {
    AlteredFile::Place place;
    std::uint8_t before = 0;
};

Result<Note> parse_note(const std::string& text) {
    const auto document = json::parse(text);
    if (!document) return document.error();
    json::Fields fields(*document, "");
    Note note;
    note.place.file = fields.string("file");
    note.place.offset = fields.integer("offset");
    const std::uint64_t before = fields.integer("before");
    if (auto wrong = fields.finish()) return *wrong;
    if (before > 0xff) return invalid("byte of " + std::to_string(before));
    note.before = static_cast<std::uint8_t>(before);
    return note;
}

}  // namespace

Result<AlteredFile> AlteredFile::at(const Place& place, const std::string& note) {
    const auto byte = read_byte(place);
    if (!byte) return byte.error();
    const json::Object told{{"file", place.file},
                            {"offset", place.offset},
                            {"before", static_cast<std::uint64_t>(*byte)}};
    const auto written = node::replace_file(note, json::canonical(told), node::private_mode);
    if (!written) return written.error();
    AlteredFile altered(note);
    if (const auto changed = write_byte(place, *byte ^ 1); !changed) return changed.error();
    return altered;
}

AlteredFile::AlteredFile(AlteredFile&& other) noexcept : note_(std::exchange(other.note_, {})) {}

AlteredFile::~AlteredFile() { (void)restore(); }

Result<void> AlteredFile::restore() {
    if (note_.empty()) return {};
    return restore_altered(std::exchange(note_, {}));
}

Result<void> restore_altered(const std::string& note) {
    const auto text = node::read_file(note, note_bytes_max);
    if (!text && text.error().code == Errc::not_found) return {};
    if (!text) return text.error();
    const auto told = parse_note(*text);
    if (!told) return Error{Errc::corrupt, note + ": " + told.error().detail};
    const auto byte = read_byte(told->place);
    // What is gone, or was written anew, holds no changed bit.
    if (byte && *byte == (told->before ^ 1))
        if (const auto restored = write_byte(told->place, told->before); !restored)
            return restored.error();
    std::error_code error;
    std::filesystem::remove(note, error);
    if (error) return Error{Errc::io, note + ": " + error.message()};
    return {};
}

}  // namespace chancery::cli
