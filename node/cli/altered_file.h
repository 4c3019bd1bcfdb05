// A file with one bit of one byte changed for a while, and put back whatever becomes of the program
// that changed it.
//
// What is changed is written down beside, durably, before it is; so who finds the note of a program
// that was killed can put the bit back.
#pragma once

#include <cstdint>
#include <string>

#include "crypto/base/result.h"

namespace chancery::cli {

class AlteredFile {
public:
    struct Place {
        std::string file;
        std::uint64_t offset = 0;
    };

    // `note` is the file in which it is written down: one at a time. Errc::io.
    static Result<AlteredFile> at(const Place& place, const std::string& note);
    AlteredFile(AlteredFile&& other) noexcept;
    AlteredFile& operator=(AlteredFile&&) = delete;
    ~AlteredFile();

    // The one bit alone: whatever else was written meanwhile stays.
    Result<void> restore();

private:
    explicit AlteredFile(std::string note) : note_(std::move(note)) {}

    std::string note_;  // Empty once it is restored.
};

// Puts back what a note tells of, if there is one, and removes it. Errc::corrupt for a note that
// nobody here wrote.
Result<void> restore_altered(const std::string& note);

}  // namespace chancery::cli
