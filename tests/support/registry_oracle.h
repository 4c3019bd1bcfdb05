// A registry written straight from PROTOCOL.md, Entries and Blocks and validity: it keeps nothing
// but the entries and finds everything by reading them all again. Slow on purpose.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/hash/sha256.h"
#include "crypto/keys/member_key.h"
#include "tests/support/merkle_oracle.h"

namespace chancery::oracle {

enum class Judged : std::uint8_t { accepted, repeated, refused };

class Registry {
public:
    struct Issuer {
        std::uint32_t member = 0;
        std::uint32_t key_number = 0;
        keys::MemberPublicKey key;
    };

    Registry(const Hash& network_id, const Hash& members_hash, std::vector<Issuer> issuers)
        : network_id_(network_id), members_hash_(members_hash), issuers_(std::move(issuers)) {}

    // The outcome of each item, in order.
    std::vector<Judged> apply(ByteView block) {
        std::vector<Judged> outcomes;
        std::vector<std::pair<int, ByteView>> items;
        std::uint64_t time = 0;
        block_begin_ = entries.size();
        if (read_block(block, time, items)) time_ = std::max(time_, time);
        for (const auto& [type, bytes] : items)
            outcomes.push_back(type == 1 ? judge(bytes) : Judged::refused);
        ++height_;
        Writer state;
        state.u8(1).u8(7).u64(height_).u64(time_).u64(entries.size());
        entries.push_back(state.bytes(status_root()).bytes(members_hash_).take());
        return outcomes;
    }

    Hash root() const { return root_at(entries.size()); }

    // 0 to 3, by the last status entry that names the position.
    int status_of(std::uint64_t position) const {
        const auto newest = newest_status(position);
        return newest ? entries[*newest][62] : 0;
    }

    std::optional<std::uint64_t> newest_status(std::uint64_t position) const {
        std::optional<std::uint64_t> newest;
        for (std::uint64_t i = 0; i < entries.size(); ++i) {
            if (entries[i][1] == 3 && number(entries[i], 14, 8) == position) newest = i;
        }
        return newest;
    }

    // Of its first `size` entries.
    Hash root_at(std::uint64_t size) const {
        std::vector<Hash> leaves;
        for (std::uint64_t i = 0; i < size; ++i)
            leaves.push_back(leaf(entries[i]));
        return oracle::root(leaves);
    }

    bool is_credential_of(std::uint64_t position, std::uint64_t member) const {
        return position < entries.size() && entries[position][1] == 2 &&
               number(entries[position], 2, 4) == member;
    }

    std::vector<Bytes> entries;

private:
    static Hash leaf(const Bytes& bytes) { return Sha256().add(Bytes{0}).add(bytes).finish(); }

    static std::uint64_t number(ByteView bytes, std::size_t at, std::size_t width) {
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < width; ++i)
            value = value * 256 + bytes[at + i];
        return value;
    }

    static Bytes part(ByteView bytes, std::size_t at, std::size_t count) {
        return {bytes.begin() + static_cast<std::ptrdiff_t>(at),
                bytes.begin() + static_cast<std::ptrdiff_t>(at + count)};
    }

    static bool read_block(ByteView block,
                           std::uint64_t& time,
                           std::vector<std::pair<int, ByteView>>& items) {
        if (block.size() < 13 || block[0] != 1) return false;
        time = number(block, 1, 8);
        std::vector<std::pair<int, ByteView>> found;
        std::size_t at = 13;
        for (std::uint64_t left = number(block, 9, 4); left > 0; --left) {
            if (block.size() - at < 5 || block[at] < 1 || block[at] > 2) return false;
            const std::uint64_t length = number(block, at + 1, 4);
            if (block.size() - at - 5 < length) return false;
            found.emplace_back(block[at], block.subspan(at + 5, length));
            at += 5 + length;
        }
        if (at != block.size()) return false;
        items = found;
        return true;
    }

    Judged judge(ByteView bulk) {
        // 01 01 member[2] key[6] nonce[10] expires[26] kind[34] count[35] root[39] signature[71]
        if (bulk.size() < 135 || bulk[0] != 1 || bulk[1] != 1) return Judged::refused;
        const std::uint64_t member = number(bulk, 2, 4);
        const std::uint64_t expires = number(bulk, 26, 8);
        const int kind = bulk[34];
        const std::uint64_t count = number(bulk, 35, 4);
        if (kind != 2 && kind != 3 && kind != 4 && kind != 6) return Judged::refused;
        if (count < 1 || count > 65'536) return Judged::refused;
        std::vector<Bytes> bodies;
        if (!read_bodies(bulk.subspan(135), kind, count, bodies)) return Judged::refused;
        for (const Bytes& body : bodies) {
            if (!is_well_formed(kind, body)) return Judged::refused;
        }
        for (std::size_t i = 1; i < bodies.size(); ++i) {
            if (kind == 2 && bodies[i - 1] >= bodies[i]) return Judged::refused;
            if (kind == 3 && number(bodies[i - 1], 0, 8) >= number(bodies[i], 0, 8)) {
                return Judged::refused;
            }
        }
        std::vector<Hash> leaves;
        for (const Bytes& body : bodies)
            leaves.push_back(leaf(body));
        if (!equal(oracle::root(leaves), bulk.subspan(39, 32))) return Judged::refused;
        if (time_ > expires || expires > time_ + 86'400'000) return Judged::refused;

        const Bytes header = part(bulk, 0, 135);
        for (const Bytes& entry : entries) {
            if (entry[1] != 1 || part(entry, 2, 4) != part(header, 2, 4)) continue;
            if (part(entry, 18, 16) != part(header, 10, 16)) continue;  // Another nonce.
            if (number(entry, 34, 8) < time_) continue;                 // Forgotten.
            const bool is_same = part(entry, 6, 4) == part(header, 6, 4) &&
                                 part(entry, 34, 45) == part(header, 26, 45);
            return is_same ? Judged::repeated : Judged::refused;
        }
        if (!is_signed(header)) return Judged::refused;
        if (!fits(bodies)) return Judged::refused;
        for (const Bytes& body : bodies) {
            if (kind == 2 && is_registered(member, body)) return Judged::refused;
            if (kind == 3 && !is_allowed(member, body)) return Judged::refused;
            if (kind == 6 && !is_end_of_earlier_block(body)) return Judged::refused;
        }
        write(header, bodies);
        return Judged::accepted;
    }

    static bool read_bodies(ByteView rest, int kind, std::uint64_t count, std::vector<Bytes>& out) {
        for (; count > 0; --count) {
            std::size_t length = kind == 2 ? 32 : 58;
            if (kind == 4 || kind == 6) {
                if (rest.size() < 2) return false;
                length = number(rest, 0, 2);
                rest = rest.subspan(2);
            }
            if (rest.size() < length) return false;
            out.push_back(part(rest, 0, length));
            rest = rest.subspan(length);
        }
        return rest.empty();
    }

    static bool is_well_formed(int kind, const Bytes& body) {
        if (kind == 3) {
            const bool has_successor = number(body, 50, 8) != ~std::uint64_t{0};
            return body[48] <= 3 && body[49] <= 7 && (!has_successor || body[48] == 3);
        }
        if (kind == 2) return true;
        if (kind == 6) return is_anchor(body);
        if (body.size() < 34 || body.size() > 33 + 2'048 || body[0] < 1 || body[0] > 4)
            return false;
        for (std::size_t i = 33; i < body.size(); ++i) {
            if (body[i] < 0x20 || body[i] > 0x7e) return false;  // These tests write ASCII only.
        }
        return true;
    }

    // size[0] root[8] length[40] chain[41] transaction. These tests write chains of EVM alone.
    static bool is_anchor(const Bytes& body) {
        if (body.size() < 73 || body.size() != 73U + body[40] || body[40] < 8) return false;
        if (text_of(ByteView(body).subspan(41, 7)) != "eip155:") return false;
        for (std::size_t i = 48; i < 41U + body[40]; ++i) {
            const std::uint8_t c = body[i];
            const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (!is_letter && !(c >= '0' && c <= '9') && c != '-' && c != '_') return false;
        }
        return body[40] <= 7 + 32;
    }

    bool is_end_of_earlier_block(const Bytes& body) const {
        const std::uint64_t size = number(body, 0, 8);
        if (size < 1 || size > block_begin_ || entries[size - 1][1] != 7) return false;
        return equal(root_at(size), ByteView(body).subspan(8, 32));
    }

    bool is_signed(ByteView header) const {
        Writer message;
        message.bytes(network_id_).bytes(header.subspan(2, 69));
        const Hash hash = keys::tagged_hash("chancery/batch/v1", message.written());
        for (const Issuer& issuer : issuers_) {
            if (issuer.member == number(header, 2, 4) &&
                issuer.key_number == number(header, 6, 4)) {
                return issuer.key.verifies(hash, header.subspan(71, 64));
            }
        }
        return false;
    }

    bool fits(const std::vector<Bytes>& bodies) const {
        std::uint64_t bytes = 90 + 143;
        for (std::size_t i = block_begin_; i < entries.size(); ++i)
            bytes += entries[i].size();
        for (const Bytes& body : bodies)
            bytes += 14 + body.size();
        return bytes <= 4 * 1024 * 1024;
    }

    bool is_registered(std::uint64_t member, const Bytes& commitment) const {
        for (std::uint64_t i = 0; i < entries.size(); ++i) {
            if (is_credential_of(i, member) && part(entries[i], 14, 32) == commitment) return true;
        }
        return false;
    }

    bool is_allowed(std::uint64_t member, const Bytes& body) const {
        const std::uint64_t position = number(body, 0, 8);
        if (!is_credential_of(position, member)) return false;
        if (part(entries[position], 14, 32) != part(body, 8, 32)) return false;
        if (number(body, 40, 8) != newest_status(position).value_or(~std::uint64_t{0}))
            return false;
        const int from = status_of(position);
        const int to = body[48];
        const bool is_change = (from == 0 && to != 0) || (from == 1 && to != 1);
        if (!is_change) return false;
        const std::uint64_t successor = number(body, 50, 8);
        if (successor == ~std::uint64_t{0}) return true;
        return successor != position && is_credential_of(successor, member);
    }

    void write(ByteView header, const std::vector<Bytes>& bodies) {
        Writer batch;
        batch.bytes(header.first(10)).u64(time_).bytes(header.subspan(10));
        entries.push_back(batch.take());
        for (const Bytes& body : bodies) {
            Writer record;
            record.u8(1).u8(header[34]).bytes(header.subspan(2, 4)).u64(time_).bytes(body);
            entries.push_back(record.take());
        }
    }

    Hash status_root() const {
        std::vector<Hash> leaves;
        for (std::uint64_t begin = 0; begin < entries.size(); begin += 256) {
            Bytes chunk(64);
            for (std::uint64_t i = 0; i < 256; ++i) {
                const auto shift = 6 - 2 * (i % 4);
                chunk[i / 4] |= static_cast<std::uint8_t>(statuses_at(begin + i) << shift);
            }
            leaves.push_back(leaf(chunk));
        }
        return oracle::root(leaves);
    }

    unsigned statuses_at(std::uint64_t position) const {
        return position < entries.size() && entries[position][1] == 2
                   ? static_cast<unsigned>(status_of(position))
                   : 0;
    }

    Hash network_id_;
    Hash members_hash_;
    std::vector<Issuer> issuers_;
    std::uint64_t height_ = 0;
    std::uint64_t time_ = 0;
    std::uint64_t block_begin_ = 0;
};

}  // namespace chancery::oracle
