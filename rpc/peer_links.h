// One node's links to the other nodes of its network: TLS 1.3 with a certificate at both ends,
// frames of rpc/peer_frame.
//
// Each pair has two connections, one for each direction: who dials sends, who accepts listens. So
// a cut in one direction is a fact of its own, and there is no question who keeps which. A dialled
// link that fails is dialled again, later each time. Whose certificate it is decides who speaks:
// the SHA-256 of its SubjectPublicKeyInfo, pinned by genesis; names, issuers and serial numbers
// say nothing.
//
// Sending is best effort, in order: what does not fit the queue, and what was on its way when a
// link broke, is lost, and `connected` tells when to say again what must be known.
// Source: PROTOCOL.md, Inside a network.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"
#include "rpc/peer_message.h"

namespace chancery::rpc {

struct Peer {
    raft::NodeId node = 0;
    std::string name;      // Slug, for people.
    std::string endpoint;  // "host:port", as in genesis; names are resolved anew at each dial.
    Hash tls_spki_sha256{};
    bool operator==(const Peer&) const = default;
};

struct PeerLinkOptions {
    raft::NodeId self = 0;
    Hash network{};
    std::uint32_t epoch = 1;
    std::string listen_address = "127.0.0.1";                     // An address, not a name.
    std::uint16_t listen_port = 0;                                // 0: any, see port().
    Bytes tls_key;                                                // PKCS#8 DER.
    std::vector<Peer> peers;                                      // Without oneself.
    std::size_t queue_bytes_max = std::size_t{16} * 1024 * 1024;  // For each peer.
    std::uint32_t handshakes_max = 64;                            // Incoming, at once.
    std::chrono::milliseconds handshake_deadline{5'000};
    std::chrono::milliseconds silence_max{5'000};  // Then a link is given up; pings keep it alive.
    std::chrono::milliseconds redial_min{50};
    std::chrono::milliseconds redial_max{1'000};
};

// Called on the links' own thread, one after another; must not block.
struct PeerLinkEvents {
    // A whole frame of `from`, canonical and of this network, epoch and sender.
    std::function<void(raft::NodeId from, PeerMessage)> received;
    // Bytes of an unfinished frame.
    std::function<void(raft::NodeId from)> contact;
    // The link to `peer` is up, and the peer has said that it took it: what is sent from now on may
    // arrive.
    std::function<void(raft::NodeId peer)> connected;
    // It was up, or could not be made; told when the reason changes.
    std::function<void(raft::NodeId peer, std::string why)> lost;
    // Somebody was turned away: one line for the diary, at most one a second for each address.
    std::function<void(std::string address, std::string why)> refused;
};

struct PeerLinkStatus {
    raft::NodeId node = 0;
    std::string name;
    bool is_sending = false;    // The dialled link is up.
    bool is_receiving = false;  // The accepted one is.
    std::string why;            // Why it is not sending: "connection refused", …
};

class PeerLinks {
public:
    // Errc::io if it cannot listen; Errc::invalid for a key or an address that is none.
    static Result<std::unique_ptr<PeerLinks>> listen(PeerLinkOptions options,
                                                     PeerLinkEvents events);
    virtual ~PeerLinks() = default;  // As stop().

    virtual std::uint16_t port() const = 0;
    virtual void start() = 0;
    // No event after it. Idempotent; not from an event. Waits for a name that is being resolved.
    virtual void stop() = 0;

    // Safe on any thread, in order. Dropped if the link is not up, its queue is full, or the frame
    // is too long, which `refused` tells. The frame is written on the caller's thread, and its
    // other limits CHECKed: encode_frame().
    virtual void send(PeerEnvelope envelope) = 0;

    // Who may speak from now on: links of anybody else, or with another key, are cut at once. Safe
    // on any thread.
    virtual void set_peers(std::vector<Peer> peers) = 0;

    // Safe on any thread; by node.
    virtual std::vector<PeerLinkStatus> status() const = 0;
};

}  // namespace chancery::rpc
