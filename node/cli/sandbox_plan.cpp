#include "node/cli/sandbox_plan.h"

#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace chancery::cli {
namespace {

constexpr std::uint16_t public_port = 8443;
constexpr std::uint16_t admin_port = 9464;
constexpr std::uint16_t peer_port = 7443;
constexpr std::uint32_t port_base_min = 1'024;
constexpr std::uint32_t port_max = 65'535;

// Chooses ports of 127.0.0.1 and keeps them until it goes, so that none is chosen twice.
class PortChooser {
public:
    PortChooser() = default;
    PortChooser(const PortChooser&) = delete;
    PortChooser& operator=(const PortChooser&) = delete;
    ~PortChooser() {
        for (const int socket : held_)
            ::close(socket);
    }

    // The port if it is free; 0: any. nullopt if it is not, or if there is none.
    std::optional<std::uint16_t> take(std::uint16_t wanted) {
        const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (socket < 0) return std::nullopt;
        held_.push_back(socket);
        // As the node itself will do: what an ended connection still holds is no obstacle.
        const int yes = 1;
        ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(wanted);
        socklen_t length = sizeof(address);
        auto* const plain = reinterpret_cast<sockaddr*>(&address);
        // Only who listens shows that somebody else does.
        if (::bind(socket, plain, length) != 0 || ::listen(socket, 1) != 0) return std::nullopt;
        if (::getsockname(socket, plain, &length) != 0) return std::nullopt;
        return ntohs(address.sin_port);
    }

private:
    std::vector<int> held_;
};

class Ports {
public:
    Ports(PortChooser& chooser, const SandboxShape& shape) : chooser_(chooser), shape_(shape) {}

    // The node's port of the kind: 0 public, 1 admin, 2 peers.
    Result<std::string> listen(std::size_t kind, std::uint16_t usual, std::size_t node) {
        const std::size_t wanted =
            shape_.port_base ? *shape_.port_base + kind * shape_.nodes + node : usual + node;
        auto port = chooser_.take(static_cast<std::uint16_t>(wanted));
        if (!port && shape_.port_base)
            return Error{Errc::conflict,
                         "port " + std::to_string(wanted) +
                             " of 127.0.0.1 is taken; another --port-base may be free"};
        if (!port) port = chooser_.take(0);
        if (!port) return Error{Errc::io, "no free port on 127.0.0.1"};
        return "127.0.0.1:" + std::to_string(*port);
    }

private:
    PortChooser& chooser_;
    const SandboxShape& shape_;
};

Result<NodePlan> node_plan(Ports& ports, std::size_t node) {
    const auto public_listen = ports.listen(0, public_port, node);
    if (!public_listen) return public_listen.error();
    const auto admin_listen = ports.listen(1, admin_port, node);
    if (!admin_listen) return admin_listen.error();
    const auto peer_listen = ports.listen(2, peer_port, node);
    if (!peer_listen) return peer_listen.error();
    const char letter = static_cast<char>('a' + node);
    const char capital = static_cast<char>('A' + node);
    MemberPlan member{.slug = std::string("uni-") + letter,
                      .name = std::string("Demo University ") + capital,
                      .did = "",
                      .peer_endpoint = *peer_listen,
                      .public_endpoint = "http://" + *public_listen};
    return NodePlan{.member = std::move(member),
                    .public_listen = *public_listen,
                    .admin_listen = *admin_listen,
                    .peer_listen = *peer_listen,
                    .is_small = true};
}

}  // namespace

Result<NetworkPlan> sandbox_plan(const SandboxShape& shape) {
    CHECK(shape.nodes > 0 && shape.nodes <= sandbox_nodes_max);
    const std::size_t ports_needed = 3 * shape.nodes;
    if (shape.port_base &&
        (*shape.port_base < port_base_min || *shape.port_base + ports_needed - 1 > port_max))
        return Error{Errc::invalid,
                     "--port-base: want " + std::to_string(port_base_min) + " to " +
                         std::to_string(port_max + 1 - ports_needed)};
    PortChooser chooser;
    Ports ports(chooser, shape);
    NetworkPlan plan{.name = "Sandbox", .origin = "sandbox.example/registry", .nodes = {}};
    for (std::size_t i = 0; i < shape.nodes; ++i) {
        auto node = node_plan(ports, i);
        if (!node) return node.error();
        plan.nodes.push_back(*std::move(node));
    }
    return plan;
}

}  // namespace chancery::cli
