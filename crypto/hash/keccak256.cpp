#include "crypto/hash/keccak256.h"

#include <bit>

namespace chancery {
namespace {

constexpr std::size_t lane_bytes = 8;
constexpr std::size_t rate_bytes = 136;  // 1,600 bits of state less twice the 256 of the hash.
constexpr std::uint8_t padding_begin = 0x01;
constexpr std::uint8_t padding_end = 0x80;

// Lane (x, y) stands at x + 5 y.
using Sponge = std::array<std::uint64_t, 25>;

constexpr std::array<std::uint64_t, 24> round_constants = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
    0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
    0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
    0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
    0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008};

void theta(Sponge& state) {
    std::array<std::uint64_t, 5> parity{};
    for (std::size_t x = 0; x < 5; ++x) {
        parity.at(x) =
            state.at(x) ^ state.at(x + 5) ^ state.at(x + 10) ^ state.at(x + 15) ^ state.at(x + 20);
    }
    for (std::size_t at = 0; at < state.size(); ++at) {
        const std::size_t x = at % 5;
        state.at(at) ^= parity.at((x + 4) % 5) ^ std::rotl(parity.at((x + 1) % 5), 1);
    }
}

// Walks the 24 lanes that move, each taking the place that the one before gave up.
void rho_and_pi(Sponge& state) {
    std::size_t x = 1;
    std::size_t y = 0;
    std::uint64_t carried = state.at(1);
    for (int step = 0; step < 24; ++step) {
        const std::size_t next_y = (2 * x + 3 * y) % 5;
        x = y;
        y = next_y;
        const int turn = (step + 1) * (step + 2) / 2 % 64;
        std::swap(carried, state.at(x + 5 * y));
        state.at(x + 5 * y) = std::rotl(state.at(x + 5 * y), turn);
    }
}

void chi(Sponge& state) {
    for (std::size_t row = 0; row < state.size(); row += 5) {
        const std::array<std::uint64_t, 5> before = {state.at(row),
                                                     state.at(row + 1),
                                                     state.at(row + 2),
                                                     state.at(row + 3),
                                                     state.at(row + 4)};
        for (std::size_t x = 0; x < 5; ++x) {
            state.at(row + x) = before.at(x) ^ (~before.at((x + 1) % 5) & before.at((x + 2) % 5));
        }
    }
}

void permute(Sponge& state) {
    for (const std::uint64_t constant : round_constants) {
        theta(state);
        rho_and_pi(state);
        chi(state);
        state.front() ^= constant;
    }
}

// Lanes are little-endian.
void absorb(Sponge& state, ByteView block) {
    for (std::size_t at = 0; at < block.size(); ++at) {
        state.at(at / lane_bytes) ^= std::uint64_t{block[at]} << (8 * (at % lane_bytes));
    }
    permute(state);
}

}  // namespace

Hash keccak256(ByteView message) {
    Sponge state{};
    for (; message.size() >= rate_bytes; message = message.subspan(rate_bytes)) {
        absorb(state, message.first(rate_bytes));
    }
    std::array<std::uint8_t, rate_bytes> last{};
    std::ranges::copy(message, last.begin());
    last.at(message.size()) ^= padding_begin;
    last.back() ^= padding_end;
    absorb(state, last);

    Hash hash;
    for (std::size_t at = 0; at < hash.size(); ++at) {
        hash.at(at) =
            static_cast<std::uint8_t>(state.at(at / lane_bytes) >> (8 * (at % lane_bytes)));
    }
    return hash;
}

}  // namespace chancery
