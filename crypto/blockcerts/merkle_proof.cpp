#include "crypto/blockcerts/merkle_proof.h"

#include <algorithm>
#include <optional>

#include "crypto/base/check.h"
#include "crypto/base/encoding.h"

namespace chancery::blockcerts {
namespace {

constexpr std::uint8_t array_type = 4;
constexpr std::uint8_t bytes_type = 2;
constexpr std::uint8_t unsigned_type = 0;
constexpr std::uint32_t wrapped_hash_bytes = 34;

enum Key : std::uint8_t { root_key = 0, target_key = 1, anchors_key = 2, path_key = 3 };

// RFC 8949 §3: a type and a number, as short as can be.
void put(Writer& out, std::uint8_t type, std::uint32_t number) {
    const auto head = static_cast<std::uint8_t>(type << 5);
    if (number < 24) {
        out.u8(static_cast<std::uint8_t>(head | number));
    } else if (number <= 0xff) {
        out.u8(head | 24).u8(static_cast<std::uint8_t>(number));
    } else if (number <= 0xffff) {
        out.u8(head | 25).u16(static_cast<std::uint16_t>(number));
    } else {
        out.u8(head | 26).u32(number);
    }
}

void put_pair(Writer& out, std::uint8_t key) {
    put(out, array_type, 2);
    put(out, unsigned_type, key);
}

void put_hash(Writer& out, const Hash& hash) {
    put(out, bytes_type, wrapped_hash_bytes);
    put(out, bytes_type, sizeof(Hash));
    out.bytes(hash);
}

// Takes what put() writes; anything else stops it, and zeros are all that comes then.
class CborReader {
public:
    explicit CborReader(ByteView input) : in_(input) {}

    std::uint32_t number() { return take(unsigned_type); }
    std::uint32_t array() { return take(array_type); }
    void expect_array(std::uint32_t count) {
        if (array() != count) fail();
    }
    Hash hash() {
        if (take(bytes_type) != wrapped_hash_bytes || take(bytes_type) != sizeof(Hash)) fail();
        return in_.array<32>();
    }
    void fail() { has_failed_ = true; }
    bool is_good() const { return !has_failed_ && !in_.ran_short(); }
    bool finished() const { return is_good() && in_.finished(); }

private:
    std::uint32_t take(std::uint8_t type) {
        const std::uint8_t head = in_.u8();
        if (head >> 5 != type) fail();
        const std::uint8_t low = head & 0x1f;
        std::uint32_t number = low;
        std::uint32_t least = 0;
        if (low == 24) {
            number = in_.u8();
            least = 24;
        } else if (low == 25) {
            number = in_.u16();
            least = 0x100;
        } else if (low == 26) {
            number = in_.u32();
            least = 0x10000;
        }
        if (low > 26 || number < least) fail();
        return is_good() ? number : 0;
    }

    Reader in_;
    bool has_failed_ = false;
};

std::vector<PathStep> take_path(CborReader& in) {
    const std::uint32_t count = in.array();
    if (count > path_length_max) in.fail();
    std::vector<PathStep> path;
    for (std::uint32_t i = 0; i < count && in.is_good(); ++i) {
        in.expect_array(2);
        const std::uint32_t side = in.number();
        if (side > 1) in.fail();
        path.push_back({side == 0, in.hash()});
    }
    return path;
}

void take_anchor(CborReader& in, MerkleProof& proof) {
    in.expect_array(1);
    in.expect_array(3);
    for (std::uint32_t key = 0; key < 3; ++key) {
        in.expect_array(2);
        if (in.number() != key) in.fail();
        if (key == 0 && in.number() != ethereum) in.fail();
        if (key == 1) proof.network = in.number();
        if (key == 2) proof.transaction = in.hash();
    }
}

}  // namespace

std::string to_proof_value(const MerkleProof& proof) {
    CHECK(proof.path.size() <= path_length_max);
    Writer out;
    put(out, array_type, 4);
    put_pair(out, path_key);
    put(out, array_type, static_cast<std::uint32_t>(proof.path.size()));
    for (const PathStep& step : proof.path) {
        put_pair(out, step.is_left ? 0 : 1);
        put_hash(out, step.sibling);
    }
    put_pair(out, root_key);
    put_hash(out, proof.root);
    put_pair(out, target_key);
    put_hash(out, proof.target);
    put_pair(out, anchors_key);
    put(out, array_type, 1);
    put(out, array_type, 3);
    put_pair(out, 0);
    put(out, unsigned_type, ethereum);
    put_pair(out, 1);
    put(out, unsigned_type, proof.network);
    put_pair(out, 2);
    put_hash(out, proof.transaction);
    return "z" + to_base58(out.written());
}

Result<MerkleProof> parse_proof_value(std::string_view text) {
    if (!text.starts_with('z')) return invalid("proofValue: want z and base58");
    const auto bytes = from_long_base58(text.substr(1));
    if (!bytes) return invalid("proofValue: " + bytes.error().detail);
    CborReader in(*bytes);
    MerkleProof proof;
    unsigned seen = 0;
    in.expect_array(4);
    for (int i = 0; i < 4 && in.is_good(); ++i) {
        in.expect_array(2);
        const std::uint32_t key = in.number();
        if (key > path_key || (seen >> key & 1U) != 0) in.fail();
        if (!in.is_good()) break;
        seen |= 1U << key;
        if (key == root_key) proof.root = in.hash();
        if (key == target_key) proof.target = in.hash();
        if (key == anchors_key) take_anchor(in, proof);
        if (key == path_key) proof.path = take_path(in);
    }
    if (in.finished()) return proof;
    return invalid("proofValue: is no MerkleProof2019 with one anchor on an Ethereum chain");
}

}  // namespace chancery::blockcerts
