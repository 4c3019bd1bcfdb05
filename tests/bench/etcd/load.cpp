// What etcd takes of the load that this program gives Chancery: each client one connection, over
// which it asks for the next when the last is committed.
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/client_unary_call.h>
#include <grpcpp/impl/codegen/proto_utils.h>

#include "tests/bench/bench.h"
#include "tests/bench/etcd/kv.pb.h"
#include "tests/bench/meters.h"

namespace chancery::bench {
namespace {

MeterNames etcd_meters() {
    return {"etcd_debugging_mvcc_put_total",
            "etcd_server_proposals_applied_total",
            "etcd_disk_wal_fsync_duration_seconds_count"};
}

class Putter {
public:
    // A connection of its own, which gRPC would otherwise share.
    explicit Putter(const std::string& endpoint) {
        grpc::ChannelArguments own;
        own.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
        channel_ = grpc::CreateCustomChannel(endpoint, grpc::InsecureChannelCredentials(), own);
    }

    grpc::Status put(const etcdserverpb::PutRequest& request) {
        grpc::ClientContext context;
        context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
        etcdserverpb::PutResponse response;
        const grpc::internal::RpcMethod method("/etcdserverpb.KV/Put",
                                               grpc::internal::RpcMethod::NORMAL_RPC);
        return grpc::internal::BlockingUnaryCall<etcdserverpb::PutRequest,
                                                 etcdserverpb::PutResponse>(
            channel_.get(), method, &context, request, &response);
    }

private:
    std::shared_ptr<grpc::Channel> channel_;
};

std::string random_text(Random& random, std::size_t bytes) {
    std::string text;
    while (text.size() < bytes) {
        const Hash hash = random.hash();
        text.append(hash.begin(), hash.end());
    }
    text.resize(bytes);
    return text;
}

void put_until(const EtcdOptions& options, const Client& client) {
    Putter putter(options.endpoints[client.number % options.endpoints.size()]);
    Random random(client.seed);
    Tally& tally = client.tally;
    while (Steady::now() < client.end) {
        etcdserverpb::PutRequest request;
        request.set_key(random_text(random, 32));
        request.set_value(random_text(random, options.bytes));
        const auto begin = Steady::now();
        const grpc::Status status = putter.put(request);
        if (!status.ok()) {
            tally.fail(Error{Errc::unavailable, status.error_message()});
            continue;
        }
        ++tally.done;
        tally.latencies_ms.push_back(ms_since(begin));
    }
}

}  // namespace

int run_etcd(const EtcdOptions& options) {
    std::vector<std::string> metrics;
    for (const std::string& endpoint : options.endpoints)
        metrics.push_back("http://" + endpoint);
    const NetworkLoad load{"etcd put",
                           "bytes " + std::to_string(options.bytes),
                           options.clients,
                           options.seconds,
                           std::move(metrics),
                           etcd_meters()};
    return run_on_network(load, [&](const Client& client) { put_until(options, client); });
}

}  // namespace chancery::bench
