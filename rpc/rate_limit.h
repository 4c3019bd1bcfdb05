// How much each address may ask, in token buckets: told before a request's body is read.
//
//     a bucket holds `burst` units at most and gains `per_second` of them each second
//     a request is admitted while its buckets hold a unit; it then takes all that it costs
//
// What costs more than is left leaves a debt that later requests wait for, so nothing that the
// node takes at all is too large to be ever admitted. The table is bounded: the address that was
// quiet for longest is forgotten first, and comes back with full buckets.
#pragma once

#include <array>
#include <chrono>
#include <compare>
#include <cstdint>
#include <list>
#include <map>
#include <mutex>

namespace chancery::rpc {

// Whom requests are counted under: an IPv4 address, mapped into IPv6, or the /64 that an IPv6 host
// owns.
struct AddressKey {
    std::array<std::uint8_t, 16> bytes{};
    auto operator<=>(const AddressKey&) const = default;

    static AddressKey of_v4(const std::array<std::uint8_t, 4>& address);
    static AddressKey of_v6(const std::array<std::uint8_t, 16>& address);  // Mapped ones are IPv4.
};

struct Rate {
    std::uint64_t per_second = 0;  // 0: no limit.
    std::uint64_t burst = 1;       // At once, after a rest.
};

struct RateLimits {
    Rate reads;
    Rate writes;       // Requests that may change the registry.
    Rate write_bytes;  // Of the bodies of writes.
    std::size_t addresses_max = 32'768;
};

struct Demand {
    std::uint64_t reads = 0;
    std::uint64_t writes = 0;
    std::uint64_t write_bytes = 0;
};

struct RateVerdict {
    enum Bucket : std::uint8_t { reads, writes, write_bytes, bucket_count };
    struct State {
        bool is_asked = false;  // The demand was for this one, and it has a limit.
        Rate rate;
        std::uint64_t left = 0;           // Whole units, after the demand.
        std::chrono::seconds full_in{0};  // Rounded up.
    };

    bool is_admitted = true;
    std::chrono::seconds retry_after{0};  // Not admitted: when it would be, rounded up, at least 1.
    std::array<State, bucket_count> states;
};

class RateLimiter {  // Any thread.
public:
    using Clock = std::chrono::steady_clock;

    explicit RateLimiter(const RateLimits& limits);

    // Takes nothing unless all is admitted. A `now` before an earlier one counts as that one.
    RateVerdict ask(const AddressKey& key, const Demand& demand, Clock::time_point now);
    // For work that is under way: takes, whatever is left.
    void charge(const AddressKey& key, const Demand& demand, Clock::time_point now);

    bool has_limits() const;
    std::size_t address_count() const;

private:
    struct Bucket {
        double units = 0;  // Below zero: a debt.
        Clock::time_point counted;
    };
    struct Address {
        std::array<Bucket, RateVerdict::bucket_count> buckets;
        std::list<AddressKey>::iterator place;  // In order_.
    };
    using Costs = std::array<std::uint64_t, RateVerdict::bucket_count>;

    Address& find(const AddressKey& key, Clock::time_point now);
    void refill(Address& address, Clock::time_point now) const;
    void take(Address& address, const Costs& costs) const;

    std::array<Rate, RateVerdict::bucket_count> rates_;
    std::size_t addresses_max_;
    mutable std::mutex mutex_;  // Guards what follows.
    // Ordered, not hashed: strangers choose the keys.
    std::map<AddressKey, Address> addresses_;
    std::list<AddressKey> order_;  // The one heard of last comes last.
};

// Who sent a request, for handlers whose work its head does not tell.
class Caller {
public:
    using Now = RateLimiter::Clock::time_point (*)();

    Caller() = default;  // Without limits.
    // `limiter` must outlive the caller.
    Caller(RateLimiter& limiter, const AddressKey& address, Now now)
        : limiter_(&limiter), address_(address), now_(now) {}

    RateVerdict ask(const Demand& demand) const {
        return limiter_ == nullptr ? RateVerdict{} : limiter_->ask(address_, demand, now_());
    }
    void charge(const Demand& demand) const {
        if (limiter_ != nullptr) limiter_->charge(address_, demand, now_());
    }

private:
    RateLimiter* limiter_ = nullptr;
    AddressKey address_;
    Now now_ = nullptr;
};

}  // namespace chancery::rpc
