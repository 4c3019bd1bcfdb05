#include "rpc/rate_fields.h"

#include "rpc/problem.h"

namespace chancery::rpc {
namespace {

struct Policy {
    std::string_view name;
    std::string_view unit;  // Empty: requests.
};
constexpr std::array<Policy, RateVerdict::bucket_count> policies = {
    Policy{"reads", ""}, Policy{"writes", ""}, Policy{"write-bytes", "content-bytes"}};

std::uint64_t seconds_to_fill(const Rate& rate) {
    return rate.burst / rate.per_second + (rate.burst % rate.per_second == 0 ? 0 : 1);
}

}  // namespace

void set_rate_fields(Response& response, const RateVerdict& verdict) {
    std::string policy;
    std::string limit;
    for (std::size_t i = 0; i < policies.size(); ++i) {
        const RateVerdict::State& state = verdict.states[i];
        if (!state.is_asked) continue;
        const std::string name =
            (policy.empty() ? "\"" : ", \"") + std::string(policies[i].name) + "\"";
        policy += name + ";q=" + std::to_string(state.rate.burst);
        if (!policies[i].unit.empty()) policy += ";qu=\"" + std::string(policies[i].unit) + "\"";
        policy += ";w=" + std::to_string(seconds_to_fill(state.rate));
        limit += name + ";r=" + std::to_string(state.left) +
                 ";t=" + std::to_string(state.full_in.count());
    }
    if (policy.empty()) return;
    response.set_field("RateLimit-Policy", std::move(policy));
    response.set_field("RateLimit", std::move(limit));
}

Response too_many_requests(const RateVerdict& verdict) {
    Response response = problem("too_many_requests", "this address asks faster than it may");
    response.set_field("Retry-After", std::to_string(verdict.retry_after.count()));
    set_rate_fields(response, verdict);
    return response;
}

}  // namespace chancery::rpc
