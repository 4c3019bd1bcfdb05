#include "rpc/rate_limit.h"

#include <algorithm>
#include <cmath>

#include "crypto/base/check.h"

namespace chancery::rpc {
namespace {

constexpr std::size_t prefix_bytes = 8;  // Of IPv6: a /64.

std::chrono::seconds seconds_until(double units, std::uint64_t per_second) {
    if (units <= 0) return std::chrono::seconds{0};
    const double seconds = std::ceil(units / static_cast<double>(per_second));
    return std::chrono::seconds{static_cast<std::int64_t>(seconds)};
}

}  // namespace

AddressKey AddressKey::of_v4(const std::array<std::uint8_t, 4>& address) {
    AddressKey key;
    key.bytes[10] = key.bytes[11] = 0xff;
    std::ranges::copy(address, key.bytes.begin() + 12);
    return key;
}

AddressKey AddressKey::of_v6(const std::array<std::uint8_t, 16>& address) {
    const AddressKey mapped = of_v4({address[12], address[13], address[14], address[15]});
    if (mapped.bytes == address) return mapped;
    AddressKey key;
    std::copy_n(address.begin(), prefix_bytes, key.bytes.begin());
    return key;
}

RateLimiter::RateLimiter(const RateLimits& limits)
    : rates_{limits.reads, limits.writes, limits.write_bytes},
      addresses_max_(limits.addresses_max) {
    CHECK(addresses_max_ > 0);
    for (const Rate& rate : rates_)
        CHECK(rate.per_second == 0 || rate.burst > 0);
}

RateVerdict RateLimiter::ask(const AddressKey& key, const Demand& demand, Clock::time_point now) {
    const Costs costs = {demand.reads, demand.writes, demand.write_bytes};
    const std::lock_guard lock(mutex_);
    Address& address = find(key, now);
    RateVerdict verdict;
    for (std::size_t i = 0; i < costs.size(); ++i) {
        const double units = address.buckets[i].units;
        if (costs[i] == 0 || rates_[i].per_second == 0 || units >= 1) continue;
        verdict.is_admitted = false;
        verdict.retry_after =
            std::max(verdict.retry_after, seconds_until(1 - units, rates_[i].per_second));
    }
    if (verdict.is_admitted) take(address, costs);
    for (std::size_t i = 0; i < costs.size(); ++i) {
        const double units = address.buckets[i].units;
        RateVerdict::State& state = verdict.states[i];
        state.is_asked = costs[i] > 0 && rates_[i].per_second > 0;
        if (!state.is_asked) continue;
        state.rate = rates_[i];
        state.left = static_cast<std::uint64_t>(std::max(units, 0.0));
        state.full_in =
            seconds_until(static_cast<double>(rates_[i].burst) - units, rates_[i].per_second);
    }
    return verdict;
}

void RateLimiter::charge(const AddressKey& key, const Demand& demand, Clock::time_point now) {
    const std::lock_guard lock(mutex_);
    take(find(key, now), {demand.reads, demand.writes, demand.write_bytes});
}

bool RateLimiter::has_limits() const {
    return std::ranges::any_of(rates_, [](const Rate& rate) { return rate.per_second > 0; });
}

std::size_t RateLimiter::address_count() const {
    const std::lock_guard lock(mutex_);
    return addresses_.size();
}

// Made if it is not there; its buckets are as of `now`.
RateLimiter::Address& RateLimiter::find(const AddressKey& key, Clock::time_point now) {
    const auto known = addresses_.find(key);
    if (known != addresses_.end()) {
        order_.splice(order_.end(), order_, known->second.place);
        refill(known->second, now);
        return known->second;
    }
    if (addresses_.size() == addresses_max_) {
        addresses_.erase(order_.front());
        order_.pop_front();
    }
    Address fresh;
    for (std::size_t i = 0; i < rates_.size(); ++i)
        fresh.buckets[i] = Bucket{static_cast<double>(rates_[i].burst), now};
    fresh.place = order_.insert(order_.end(), key);
    return addresses_.emplace(key, fresh).first->second;
}

void RateLimiter::refill(Address& address, Clock::time_point now) const {
    for (std::size_t i = 0; i < rates_.size(); ++i) {
        Bucket& bucket = address.buckets[i];
        if (now <= bucket.counted) continue;
        const std::chrono::duration<double> passed = now - bucket.counted;
        bucket.counted = now;
        bucket.units =
            std::min(static_cast<double>(rates_[i].burst),
                     bucket.units + passed.count() * static_cast<double>(rates_[i].per_second));
    }
}

void RateLimiter::take(Address& address, const Costs& costs) const {
    for (std::size_t i = 0; i < costs.size(); ++i) {
        if (rates_[i].per_second > 0) address.buckets[i].units -= static_cast<double>(costs[i]);
    }
}

}  // namespace chancery::rpc
