#include "crypto/hash/sha256_lanes.h"

#include "crypto/base/check.h"
#include "crypto/hash/sha256.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#endif

namespace chancery::sha256_lanes {
namespace {

void check_shape(ByteView messages, std::size_t message_bytes, std::span<const Hash> out) {
    if (message_bytes == 0) {
        CHECK(messages.empty());
    } else {
        CHECK(messages.size() % message_bytes == 0);
        CHECK(messages.size() / message_bytes == out.size());
    }
}

}  // namespace

void run_with_library(ByteView messages, std::size_t message_bytes, std::span<Hash> out) {
    check_shape(messages, message_bytes, out);
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] = sha256(messages.subspan(i * message_bytes, message_bytes));
    }
}

#if defined(__x86_64__)

namespace {

constexpr std::size_t block_bytes = 64;
constexpr std::size_t lanes_max = 4;

alignas(16) constexpr std::array<std::uint32_t, 64> round_constants = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

constexpr std::array<std::uint32_t, 8> first_state = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

// One message's state, in the order the CPU wants: a and c are in the highest places.
struct State {
    __m128i abef;
    __m128i cdgh;
};

// The last sixteen words of a message's schedule, four in each place.
struct FourWords {
    __m128i packed;
};
using Schedule = std::array<FourWords, 4>;

template <std::size_t lanes>
using States = std::array<State, lanes>;

template <std::size_t lanes>
using Blocks = std::array<const std::uint8_t*, lanes>;

// The functions below are compiled for CPUs that have the instructions and inlined into each
// other: only so do the lanes' states stay in registers.

[[gnu::target("sha,sse4.1,ssse3"), gnu::always_inline]] inline __m128i swap_bytes_of_words(
    __m128i words) {
    return _mm_shuffle_epi8(words, _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203));
}

[[gnu::target("sha,sse4.1,ssse3"), gnu::always_inline]] inline State initial_state() {
    const auto word = [](std::size_t i) { return static_cast<int>(first_state[i]); };
    return {_mm_set_epi32(word(0), word(1), word(4), word(5)),
            _mm_set_epi32(word(2), word(3), word(6), word(7))};
}

[[gnu::target("sha,sse4.1,ssse3"), gnu::always_inline]] inline void store_state(const State& state,
                                                                                Hash& out) {
    const __m128i feba = _mm_shuffle_epi32(state.abef, 0x1b);
    const __m128i hgdc = _mm_shuffle_epi32(state.cdgh, 0x1b);
    auto* const halves = reinterpret_cast<__m128i*>(out.data());
    _mm_storeu_si128(halves, swap_bytes_of_words(_mm_unpacklo_epi64(feba, hgdc)));
    _mm_storeu_si128(halves + 1, swap_bytes_of_words(_mm_unpackhi_epi64(feba, hgdc)));
}

// Words 4 group … 4 group + 3 of the schedule: the first sixteen are the block itself.
[[gnu::target("sha,sse4.1,ssse3"), gnu::always_inline]] inline __m128i next_words(
    Schedule& schedule, std::size_t group, const std::uint8_t* block) {
    __m128i& words = schedule[group % 4].packed;
    if (group < 4) {
        words =
            swap_bytes_of_words(_mm_loadu_si128(reinterpret_cast<const __m128i*>(block) + group));
        return words;
    }
    const __m128i latest = schedule[(group + 3) % 4].packed;
    const __m128i seven_back = _mm_alignr_epi8(latest, schedule[(group + 2) % 4].packed, 4);
    words = _mm_sha256msg1_epu32(words, schedule[(group + 1) % 4].packed);
    words = _mm_sha256msg2_epu32(_mm_add_epi32(words, seven_back), latest);
    return words;
}

// Takes one block of each message into its state: 64 rounds, four at a time, the lanes in turn.
template <std::size_t lanes>
[[gnu::target("sha,sse4.1,ssse3"), gnu::always_inline]] inline void compress(
    States<lanes>& states, const Blocks<lanes>& blocks) {
    States<lanes> now = states;
    std::array<Schedule, lanes> schedules{};
#pragma GCC unroll 16
    for (std::size_t group = 0; group < 16; ++group) {
        const __m128i constants =
            _mm_load_si128(reinterpret_cast<const __m128i*>(round_constants.data()) + group);
#pragma GCC unroll 4
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            const __m128i words = next_words(schedules[lane], group, blocks[lane]);
            const __m128i sums = _mm_add_epi32(words, constants);
            State& state = now[lane];
            state.cdgh = _mm_sha256rnds2_epu32(state.cdgh, state.abef, sums);
            state.abef =
                _mm_sha256rnds2_epu32(state.abef, state.cdgh, _mm_shuffle_epi32(sums, 0x0e));
        }
    }
    for (std::size_t lane = 0; lane < lanes; ++lane) {
        states[lane].abef = _mm_add_epi32(states[lane].abef, now[lane].abef);
        states[lane].cdgh = _mm_add_epi32(states[lane].cdgh, now[lane].cdgh);
    }
}

// What follows the last whole block of a message: its rest, a one bit, zeros, its length in bits.
struct Tail {
    explicit Tail(std::size_t message_bytes)
        : rest_bytes(message_bytes % block_bytes),
          blocks(rest_bytes + 1 + sizeof(std::uint64_t) <= block_bytes ? 1 : 2) {
        bytes[rest_bytes] = 0x80;
        const auto bits = static_cast<std::uint64_t>(message_bytes) * 8;
        for (unsigned i = 0; i < sizeof bits; ++i) {
            bytes[blocks * block_bytes - 1 - i] = static_cast<std::uint8_t>(bits >> (8 * i));
        }
    }

    std::array<std::uint8_t, 2 * block_bytes> bytes{};
    std::size_t rest_bytes;
    std::size_t blocks;
};

template <std::size_t lanes>
[[gnu::target("sha,sse4.1,ssse3")]] void run_lanes(const std::uint8_t* messages,
                                                   std::size_t message_bytes,
                                                   std::array<Tail, lanes>& tails,
                                                   Hash* out) {
    States<lanes> states;
    Blocks<lanes> blocks;
    for (std::size_t lane = 0; lane < lanes; ++lane) {
        states[lane] = initial_state();
        blocks[lane] = messages + lane * message_bytes;
    }
    for (std::size_t block = 0; block < message_bytes / block_bytes; ++block) {
        compress<lanes>(states, blocks);
        for (auto& position : blocks)
            position += block_bytes;
    }
    for (std::size_t lane = 0; lane < lanes; ++lane) {
        std::copy_n(blocks[lane], tails[lane].rest_bytes, tails[lane].bytes.begin());
        blocks[lane] = tails[lane].bytes.data();
    }
    for (std::size_t block = 0; block < tails[0].blocks; ++block) {
        compress<lanes>(states, blocks);
        for (auto& position : blocks)
            position += block_bytes;
    }
    for (std::size_t lane = 0; lane < lanes; ++lane)
        store_state(states[lane], out[lane]);
}

bool detect_instructions() {
    unsigned eax = 0;
    unsigned ebx = 0;
    unsigned ecx = 0;
    unsigned edx = 0;
    if (__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) == 0) return false;
    const bool has_sha = (ebx & bit_SHA) != 0;  // No name for __builtin_cpu_supports in clang 14.
    return has_sha && __builtin_cpu_supports("ssse3") && __builtin_cpu_supports("sse4.1");
}

}  // namespace

bool has_instructions() {
    static const bool found = detect_instructions();  // CPUID is slow, and slower in a guest.
    return found;
}

void run_with_instructions(ByteView messages, std::size_t message_bytes, std::span<Hash> out) {
    CHECK(has_instructions());
    check_shape(messages, message_bytes, out);
    std::size_t done = 0;
    if (out.size() >= lanes_max) {
        const Tail tail(message_bytes);
        std::array<Tail, lanes_max> tails = {tail, tail, tail, tail};
        for (; out.size() - done >= lanes_max; done += lanes_max) {
            run_lanes<lanes_max>(
                messages.data() + done * message_bytes, message_bytes, tails, out.data() + done);
        }
    }
    std::array<Tail, 1> tail = {Tail(message_bytes)};
    for (; done < out.size(); ++done) {
        run_lanes<1>(
            messages.data() + done * message_bytes, message_bytes, tail, out.data() + done);
    }
}

#else

bool has_instructions() { return false; }

void run_with_instructions(ByteView /*messages*/,
                           std::size_t /*message_bytes*/,
                           std::span<Hash> /*out*/) {
    CHECK(has_instructions());
}

#endif

}  // namespace chancery::sha256_lanes
