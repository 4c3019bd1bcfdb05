#include "node/node.h"

#include <algorithm>

#include <boost/asio/post.hpp>

#include "crypto/base/encoding.h"
#include "crypto/keys/multikey.h"
#include "crypto/keys/tls_key.h"
#include "node/keystore.h"
#include "node/local_file.h"
#include "node/proofs.h"
#include "node/recovery.h"
#include "node/restored_replica.h"

namespace chancery::node {
namespace {

namespace asio = boost::asio;

Error wrong_key(std::string_view what, const std::string& got, const std::string& want) {
    return {Errc::invalid,
            "the " + std::string(what) + " key is " + got + ", genesis says " + want};
}

Result<void> check_keys(const Node::Keys& keys,
                        const ledger::GenesisMember& member,
                        const ledger::Genesis& genesis) {
    if (keys.cosigner.public_key() != member.cosigner) {
        return wrong_key("cosigner",
                         keys::multikey(keys.cosigner.public_key()),
                         keys::multikey(member.cosigner));
    }
    if (keys.node.public_key() != member.node_key) {
        return wrong_key(
            "node", keys::multikey(keys.node.public_key()), keys::multikey(member.node_key));
    }
    const auto pin = keys::tls_spki_sha256(keys.tls);
    if (!pin) return Error{pin.error().code, "the TLS key: " + pin.error().detail};
    if (*pin != member.tls_spki_sha256) {
        return wrong_key("TLS", to_hex(*pin), to_hex(member.tls_spki_sha256));
    }
    if (keys.log.public_key() != genesis.log.key) {
        return wrong_key(
            "log", keys::multikey(keys.log.public_key()), keys::multikey(genesis.log.key));
    }
    return {};
}

// The directory is of this network and this member.
Result<void> check_directory(const storage::DataDirectory& data,
                             const ledger::Genesis& genesis,
                             ledger::MemberNumber member) {
    const Hash network = ledger::network_id(genesis);
    if (data.identity.network != network) {
        return Error{Errc::invalid,
                     "the data directory is of network " + to_hex(data.identity.network) +
                         ", genesis gives " + to_hex(network)};
    }
    if (data.identity.node != member) {
        return Error{Errc::invalid,
                     "the data directory is of member " + std::to_string(data.identity.node) +
                         ", node.member is number " + std::to_string(member)};
    }
    if (data.must_refill) {
        return Error{Errc::corrupt,
                     "the database ends at block " + std::to_string(data.ledger->flushed_height()) +
                         ", the journal begins after block " +
                         std::to_string(data.recovered.base_height) +
                         ": rebuild the database with chanceryd recover --from URL|FOLDER"};
    }
    return {};
}

std::uint64_t random_number() {
    const Hash random = keystore::random_hash();
    return Reader(random).u64();
}

}  // namespace

Result<Node::Keys> load_keys(const Config& config) {
    const auto load = [&](const std::string& path, keystore::Use use) {
        return keystore::load_ed25519_key({path, config.passphrase_file}, use);
    };
    auto cosigner = load(config.cosigner_key, keystore::Use::cosigner);
    if (!cosigner) return cosigner.error();
    auto node_key = load(config.node_key, keystore::Use::node);
    if (!node_key) return node_key.error();
    auto log = load(config.log_key, keystore::Use::log);
    if (!log) return log.error();
    auto tls = keystore::load_tls_key({config.tls_key, config.passphrase_file});
    if (!tls) return tls.error();
    return Node::Keys{*cosigner, *node_key, *log, std::move(*tls)};
}

storage::DataOptions data_options(const Config& config) {
    storage::DataOptions options;
    options.journal.segment_bytes = config.journal_segment_bytes;
    options.journal.tail_bytes = config.journal_tail_bytes;
    return options;
}

Node::Node(Config config, Keys keys, Lent lent, std::unique_ptr<storage::DataDirectory> data)
    : config_(std::move(config)),
      keys_(std::move(keys)),
      lent_(std::move(lent)),
      data_(std::move(data)),
      tiles_(std::make_unique<TileCache>(*data_->ledger)),
      network_id_(ledger::network_id(data_->genesis)),
      metrics_(std::string(version)),
      events_(config_.event_listeners_max) {}

Node::~Node() { stop(); }

Result<std::unique_ptr<Node>> Node::open(const Config& config, Keys keys, Lent lent) {
    const auto text = read_file(config.genesis, ledger::genesis_bytes_max);
    if (!text) return text.error();
    const auto genesis = ledger::parse_genesis(*text);
    if (!genesis)
        return Error{genesis.error().code, config.genesis + ": " + genesis.error().detail};
    const auto& members = genesis->members;
    const auto self = std::ranges::find(members, config.member, &ledger::GenesisMember::slug);
    if (self == members.end()) {
        return Error{Errc::invalid,
                     "node.member is " + config.member + ", which genesis does not name"};
    }
    const auto checked = check_keys(keys, *self, *genesis);
    if (!checked) return checked.error();
    const auto member = static_cast<ledger::MemberNumber>(self - members.begin() + 1);
    auto data = storage::open_data_directory(config.data, data_options(config));
    if (!data) return data.error();
    const auto its_own = check_directory(*data, *genesis, member);
    if (!its_own) return its_own.error();
    std::unique_ptr<Node> node(
        new Node(config,
                 std::move(keys),
                 std::move(lent),
                 std::make_unique<storage::DataDirectory>(std::move(*data))));
    node->member_ = member;
    const auto recovered = node->recover();
    if (!recovered) return recovered.error();
    return node;
}

Result<void> Node::recover() {
    const storage::Recovered& journal = data_->recovered;
    auto ledger = recover_ledger(journal, *data_->ledger);
    if (!ledger) return ledger.error();
    if (ledger->replayed > 0 || journal.torn_bytes > 0) {
        lent_.diary.info("recovered",
                         {{"replayed_blocks", std::to_string(ledger->replayed)},
                          {"torn_bytes", std::to_string(journal.torn_bytes)}});
    }
    const auto findings = storage::check_right_edge(*data_->ledger);
    if (!findings) return findings.error();
    if (!findings->empty()) {
        return Error{Errc::corrupt,
                     "the database is damaged at position " +
                         std::to_string(findings->front().position) + ": " +
                         findings->front().what + "; rebuild it with: chanceryd recover"};
    }
    members_ = ledger->state.members;
    if (!ledger->checkpoint.empty()) {
        const auto verified = verify_seal(ledger->checkpoint, *members_);
        if (!verified) {
            return Error{Errc::corrupt,
                         "the sealed checkpoint does not hold: " + verified.error().detail};
        }
        auto shown = node::publish(
            ledger->state, {verified->checkpoint, verified->seal}, *data_->ledger, *tiles_);
        if (!shown) return shown.error();
        published_ = std::move(*shown);
        tell_of(*published_);
    }
    const auto linked = open_links();
    if (!linked) return linked.error();
    Replica::Settings settings;
    settings.pool_bytes_max = config_.pool_bytes_max;
    auto replica = restore_replica(
        {data_->genesis, journal, *ledger, *data_->ledger},
        settings,
        {member_, network_id_, keys_.node, {member_, keys_.cosigner, keys_.log}, random_number()},
        random_number());
    if (!replica) return replica.error();
    driver_ = std::make_unique<Driver>(Driver::Lent{*data_,
                                                    lent_.clock,
                                                    lent_.diary,
                                                    metrics_,
                                                    *tiles_,
                                                    links_.get(),
                                                    node_keys_of(data_->genesis)},
                                       Driver::Limits{config_.disk_free_min, config_.flush_seconds},
                                       std::move(*replica),
                                       driver_events());
    scrubber_ = std::make_unique<Scrubber>(Scrubber::Lent{*data_->ledger, lent_.diary, metrics_},
                                           config_.scrub_entries_per_second,
                                           [this] { events_.raise(rpc::Alarm::integrity); });
    return {};
}

Result<void> Node::open_links() {
    const std::vector<ledger::GenesisMember>& members = data_->genesis.members;
    if (members.size() == 1) return {};
    rpc::PeerLinkOptions options;
    options.self = member_;
    options.network = network_id_;
    options.listen_address = config_.peer_listen.host;
    options.listen_port = config_.peer_listen.port;
    options.tls_key = keys_.tls;
    for (std::size_t i = 0; i < members.size(); ++i) {
        const auto node = static_cast<raft::NodeId>(i + 1);
        if (node == member_) continue;
        options.peers.push_back(
            {node, members[i].slug, members[i].peer_endpoint, members[i].tls_spki_sha256});
    }
    auto links = rpc::PeerLinks::listen(std::move(options), link_events());
    if (!links) return links.error();
    links_ = std::move(*links);
    return {};
}

// On the links' thread; the driver is there before they start, and goes after they stopped.
rpc::PeerLinkEvents Node::link_events() {
    const auto slug_of = [this](raft::NodeId node) {
        return data_->genesis.members[node - 1].slug;
    };
    rpc::PeerLinkEvents events;
    events.received = [this](raft::NodeId from, rpc::PeerMessage message) {
        driver_->receive(from, std::move(message));
    };
    events.contact = [this](raft::NodeId from) { driver_->contact(from); };
    events.connected = [this, slug_of](raft::NodeId peer) {
        lent_.diary.info("peer_connected", {{"peer", slug_of(peer)}});
        driver_->connected(peer);
    };
    events.lost = [this, slug_of](raft::NodeId peer, const std::string& why) {
        lent_.diary.info("peer_lost", {{"peer", slug_of(peer)}, {"why", why}});
    };
    events.refused = [this](const std::string& address, const std::string& why) {
        lent_.diary.warning("peer_refused", {{"address", address}, {"why", why}});
    };
    return events;
}

// What the driver tells on the replica's thread goes over to the service's.
DriverEvents Node::driver_events() {
    const auto on_http = [this](auto act) { asio::post(lent_.http, std::move(act)); };
    DriverEvents events;
    events.published = [this, on_http](const std::shared_ptr<const Published>& shown) {
        on_http([this, shown] {
            published_ = shown;
            members_ = shown->state.members;
            tell_of(*shown);
        });
    };
    events.answered = [this, on_http](std::vector<TicketAnswer> answers) {
        on_http([this, answers = std::move(answers)] { take_answers(answers); });
    };
    events.halted = [this, on_http](const Error& error) {
        on_http([this, error] {
            halted_ = error;
            refuse_waiting(error);
            events_.raise(error.code == Errc::corrupt ? rpc::Alarm::integrity : rpc::Alarm::halt);
            if (on_halt_) on_halt_(error);
        });
    };
    events.contradicted = [this] { events_.raise(rpc::Alarm::contradiction); };
    return events;
}

void Node::start(std::function<void(Error)> halted) {
    on_halt_ = std::move(halted);
    driver_->start();
    if (links_ != nullptr) links_->start();
    scrubber_->start();
}

void Node::stop() {
    if (scrubber_ != nullptr) scrubber_->stop();
    if (links_ != nullptr) links_->stop();
    if (driver_ != nullptr) driver_->stop();
}

}  // namespace chancery::node
