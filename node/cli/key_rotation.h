// A key's file and the one that takes its place, so that a rotation that was broken off anywhere is
// finished by the same command.
//
//     issuer.key                             in force
//     issuer.key   issuer.next.key           made; the ledger may know the new one or not
//                  issuer.next.key  issuer-1.key     known to the ledger, the old one put aside
//     issuer.key                    issuer-1.key     done
#pragma once

#include <string>

#include "crypto/base/result.h"

namespace chancery::cli {

class KeyRotation {
public:
    // Of the file that is in force, or was: "keys/issuer.key".
    explicit KeyRotation(std::string file) : file_(std::move(file)) {}

    const std::string& file() const { return file_; }
    std::string next() const { return stem() + ".next.key"; }
    std::string kept(std::uint32_t number) const {
        return stem() + "-" + std::to_string(number) + ".key";
    }
    bool has_file() const;
    bool has_next() const;

    // Once the ledger knows the new key: the old file gets the name with its number, the new one
    // the old one's. Errc::conflict if there is such a file already.
    Result<void> put_aside(std::uint32_t number) const;
    Result<void> take_place() const;

private:
    std::string stem() const;

    std::string file_;
};

}  // namespace chancery::cli
