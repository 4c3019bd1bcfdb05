#include "rpc/rate_limit.h"

#include <random>

#include <gtest/gtest.h>

#include "rpc/rate_fields.h"

namespace chancery::rpc {
namespace {

using namespace std::chrono_literals;
using Time = RateLimiter::Clock::time_point;

constexpr Time start{std::chrono::hours{1}};

AddressKey v4(std::uint8_t last) { return AddressKey::of_v4({192, 0, 2, last}); }

RateLimits reads_of(std::uint64_t per_second, std::uint64_t burst) {
    RateLimits limits;
    limits.reads = {per_second, burst};
    return limits;
}

TEST(AddressKey, IsTheHalfOfAnIpv6AddressAndAllOfAnIpv4Address) {
    std::array<std::uint8_t, 16> one{0x20, 0x01, 0x0d, 0xb8, 0, 1, 0, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    std::array<std::uint8_t, 16> neighbour = one;
    neighbour[8] = neighbour[15] = 0xff;
    std::array<std::uint8_t, 16> other = one;
    other[7] = 3;
    EXPECT_EQ(AddressKey::of_v6(one), AddressKey::of_v6(neighbour));
    EXPECT_NE(AddressKey::of_v6(one), AddressKey::of_v6(other));
    EXPECT_NE(v4(1), v4(2));
    EXPECT_EQ(AddressKey::of_v6({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1}), v4(1));
    EXPECT_NE(AddressKey::of_v6({}), AddressKey::of_v4({}));
}

TEST(RateLimiter, AdmitsABurstAndThenItsRate) {
    RateLimiter limiter(reads_of(4, 10));
    for (int i = 0; i < 10; ++i)
        EXPECT_TRUE(limiter.ask(v4(1), {.reads = 1}, start).is_admitted) << i;
    const RateVerdict refused = limiter.ask(v4(1), {.reads = 1}, start);
    EXPECT_FALSE(refused.is_admitted);
    EXPECT_EQ(refused.retry_after, 1s);
    EXPECT_FALSE(limiter.ask(v4(1), {.reads = 1}, start + 249ms).is_admitted);
    EXPECT_TRUE(limiter.ask(v4(1), {.reads = 1}, start + 250ms).is_admitted);
    EXPECT_FALSE(limiter.ask(v4(1), {.reads = 1}, start + 250ms).is_admitted);
    EXPECT_TRUE(limiter.ask(v4(2), {.reads = 1}, start).is_admitted);
}

TEST(RateLimiter, NeverHoldsMoreThanABurst) {
    RateLimiter limiter(reads_of(1'000, 3));
    EXPECT_EQ(limiter.ask(v4(1), {.reads = 1}, start).states[0].left, 2U);
    EXPECT_EQ(limiter.ask(v4(1), {.reads = 1}, start + 1000h).states[0].left, 2U);
}

TEST(RateLimiter, LetsADebtBePaidFirst) {
    RateLimiter limiter(reads_of(10, 20));
    EXPECT_TRUE(limiter.ask(v4(1), {.reads = 70}, start).is_admitted);
    const RateVerdict refused = limiter.ask(v4(1), {.reads = 1}, start);
    EXPECT_FALSE(refused.is_admitted);
    EXPECT_EQ(refused.retry_after, 6s);  // 50 owed and one to take, ten a second.
    EXPECT_EQ(refused.states[0].left, 0U);
    EXPECT_EQ(refused.states[0].full_in, 7s);
    EXPECT_FALSE(limiter.ask(v4(1), {.reads = 1}, start + 5s).is_admitted);
    EXPECT_TRUE(limiter.ask(v4(1), {.reads = 1}, start + 5100ms).is_admitted);
    limiter.charge(v4(1), {.reads = 30}, start + 5100ms);
    EXPECT_EQ(limiter.ask(v4(1), {.reads = 1}, start + 5100ms).retry_after, 4s);
}

TEST(RateLimiter, HasBucketsOfTheirOwnForReadsWritesAndTheirBytes) {
    RateLimits limits;
    limits.reads = {1, 1};
    limits.writes = {1, 2};
    limits.write_bytes = {100, 1'000};
    RateLimiter limiter(limits);
    EXPECT_TRUE(limiter.ask(v4(1), {.reads = 1}, start).is_admitted);
    EXPECT_FALSE(limiter.ask(v4(1), {.reads = 1}, start).is_admitted);
    EXPECT_TRUE(limiter.ask(v4(1), {.writes = 1, .write_bytes = 5'000}, start).is_admitted);
    const RateVerdict refused = limiter.ask(v4(1), {.writes = 1, .write_bytes = 1}, start);
    EXPECT_FALSE(refused.is_admitted);
    EXPECT_EQ(refused.retry_after, 41s);
    // What is refused by one bucket is taken from none.
    EXPECT_EQ(refused.states[RateVerdict::writes].left, 1U);
    EXPECT_TRUE(limiter.ask(v4(1), {.writes = 1}, start).is_admitted);
}

TEST(RateLimiter, WithoutARateHasNoLimit) {
    RateLimiter limiter(RateLimits{});
    EXPECT_FALSE(limiter.has_limits());
    for (int i = 0; i < 1'000; ++i) {
        const Demand demand{.reads = 1'000'000, .writes = 9, .write_bytes = 1ULL << 50};
        const RateVerdict verdict = limiter.ask(v4(1), demand, start);
        EXPECT_TRUE(verdict.is_admitted);
        EXPECT_FALSE(verdict.states[0].is_asked);
    }
}

TEST(RateLimiter, TakesATimeThatStepsBackForNone) {
    RateLimiter limiter(reads_of(1, 1));
    EXPECT_TRUE(limiter.ask(v4(1), {.reads = 1}, start).is_admitted);
    EXPECT_FALSE(limiter.ask(v4(1), {.reads = 1}, start - 1h).is_admitted);
    EXPECT_FALSE(limiter.ask(v4(1), {.reads = 1}, start + 999ms).is_admitted);
    EXPECT_TRUE(limiter.ask(v4(1), {.reads = 1}, start + 1s).is_admitted);
}

TEST(RateLimiter, ForgetsTheAddressThatWasQuietForLongest) {
    RateLimits limits = reads_of(1, 1);
    limits.addresses_max = 3;
    RateLimiter limiter(limits);
    for (const unsigned address : {1U, 2U, 3U, 1U}) {
        const AddressKey key = v4(static_cast<std::uint8_t>(address));
        static_cast<void>(limiter.ask(key, {.reads = 1}, start));
    }
    EXPECT_EQ(limiter.address_count(), 3U);
    EXPECT_TRUE(limiter.ask(v4(4), {.reads = 1}, start).is_admitted);  // In place of 2.
    EXPECT_EQ(limiter.address_count(), 3U);
    EXPECT_FALSE(limiter.ask(v4(1), {.reads = 1}, start).is_admitted);
    EXPECT_FALSE(limiter.ask(v4(3), {.reads = 1}, start).is_admitted);
    EXPECT_TRUE(limiter.ask(v4(2), {.reads = 1}, start).is_admitted);
    for (std::uint32_t i = 0; i < 100'000; ++i) {
        const auto high = static_cast<std::uint8_t>(i >> 8U);
        const AddressKey flood = AddressKey::of_v4(
            {10, static_cast<std::uint8_t>(i >> 16U), high, static_cast<std::uint8_t>(i)});
        static_cast<void>(limiter.ask(flood, {.reads = 1}, start));
        ASSERT_LE(limiter.address_count(), 3U);
    }
}

// The definition itself, in whole 512ths of a second and of a unit.
struct BucketOracle {
    std::int64_t rate;
    std::int64_t burst;
    std::int64_t level = burst * 512;
    std::int64_t counted = 0;

    bool ask(std::int64_t cost, std::int64_t now) {
        level = std::min(burst * 512, level + (now - counted) * rate);
        counted = now;
        if (level < 512) return false;
        level -= cost * 512;
        return true;
    }
};

TEST(RateLimiter, AgreesWithItsDefinitionOverLongRandomWalks) {
    constexpr std::chrono::nanoseconds tick{1'953'125};  // 1/512 s, exact in binary.
    std::mt19937_64 random(4711);
    for (int walk = 0; walk < 200; ++walk) {
        const auto rate = static_cast<std::int64_t>(1 + random() % 40);
        const auto burst = static_cast<std::int64_t>(1 + random() % 60);
        RateLimiter limiter(
            reads_of(static_cast<std::uint64_t>(rate), static_cast<std::uint64_t>(burst)));
        BucketOracle oracle{.rate = rate, .burst = burst};
        std::int64_t now = 0;
        for (int step = 0; step < 500; ++step) {
            now += static_cast<std::int64_t>(random() % 40);
            const std::uint64_t cost = random() % 8 == 0 ? random() % 50 + 1 : 1;
            const bool wanted = oracle.ask(static_cast<std::int64_t>(cost), now);
            const RateVerdict verdict = limiter.ask(v4(1), {.reads = cost}, start + now * tick);
            ASSERT_EQ(verdict.is_admitted, wanted) << "walk " << walk << " step " << step;
            ASSERT_EQ(verdict.states[0].left,
                      static_cast<std::uint64_t>(std::max<std::int64_t>(oracle.level, 0) / 512));
        }
    }
}

TEST(RateFields, TellPolicyAndWhatIsLeft) {
    RateLimits limits;
    limits.reads = {4, 10};
    limits.writes = {2, 5};
    limits.write_bytes = {1'000, 4'000};
    RateLimiter limiter(limits);
    Response read(200, "text/plain", "x");
    set_rate_fields(read, limiter.ask(v4(1), {.reads = 1}, start));
    EXPECT_EQ(read.field("RateLimit-Policy"), "\"reads\";q=10;w=3");
    EXPECT_EQ(read.field("RateLimit"), "\"reads\";r=9;t=1");
    Response write(200, "text/plain", "x");
    set_rate_fields(write, limiter.ask(v4(1), {.writes = 1, .write_bytes = 4'500}, start));
    EXPECT_EQ(write.field("RateLimit-Policy"),
              "\"writes\";q=5;w=3, \"write-bytes\";q=4000;qu=\"content-bytes\";w=4");
    EXPECT_EQ(write.field("RateLimit"), "\"writes\";r=4;t=1, \"write-bytes\";r=0;t=5");
    const Response refused =
        too_many_requests(limiter.ask(v4(1), {.writes = 1, .write_bytes = 1}, start));
    EXPECT_EQ(refused.status(), 429);
    EXPECT_EQ(refused.field("Retry-After"), "1");
    EXPECT_EQ(refused.field("Content-Type"), "application/problem+json");
    EXPECT_FALSE(refused.field("RateLimit").empty());
    Response unlimited(200, "text/plain", "x");
    set_rate_fields(unlimited, Caller().ask({.reads = 1}));
    EXPECT_EQ(unlimited.field("RateLimit"), "");
}

}  // namespace
}  // namespace chancery::rpc
