#include "node/node.h"

#include <algorithm>

#include <boost/asio/post.hpp>

#include "consensus/raft/core.h"
#include "crypto/base/encoding.h"
#include "crypto/keys/multikey.h"
#include "node/keystore.h"
#include "node/local_file.h"
#include "node/proofs.h"
#include "node/recovery.h"

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

raft::Configuration configuration_of(const ledger::Genesis& genesis) {
    raft::Configuration configuration;
    for (std::size_t i = 0; i < genesis.members.size(); ++i) {
        configuration.voters.push_back(static_cast<raft::NodeId>(i + 1));
    }
    configuration.quorum = genesis.quorum;
    return configuration;
}

std::uint64_t election_seed() {
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
    return Node::Keys{*cosigner, *node_key, *log};
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
    auto core = restore_core(*ledger);
    if (!core) return core.error();
    members_ = ledger->state.members;
    if (!ledger->checkpoint.empty()) {
        auto shown = node::publish(ledger->state, ledger->checkpoint, *data_->ledger, *tiles_);
        if (!shown) return shown.error();
        published_ = std::move(*shown);
        tell_of(*published_);
    }
    Replica::Settings settings;
    settings.pool_bytes_max = config_.pool_bytes_max;
    auto replica = std::make_unique<Replica>(
        settings,
        Replica::Identity{member_, network_id_, keys_.node, {member_, keys_.cosigner, keys_.log}},
        Replica::Restored{
            ledger->state,
            {journal.cosigned, ledger->checkpoint, ledger->state.height, ledger->state.members},
            std::move(*core)},
        *data_->ledger);
    driver_ =
        std::make_unique<Driver>(Driver::Lent{*data_, lent_.clock, lent_.diary, metrics_, *tiles_},
                                 Driver::Limits{config_.disk_free_min, config_.flush_seconds},
                                 std::move(replica),
                                 driver_events());
    scrubber_ = std::make_unique<Scrubber>(Scrubber::Lent{*data_->ledger, lent_.diary, metrics_},
                                           config_.scrub_entries_per_second,
                                           [this] { events_.raise(rpc::Alarm::integrity); });
    return {};
}

Result<raft::Core> Node::restore_core(const RecoveredLedger& ledger) const {
    const storage::Recovered& journal = data_->recovered;
    const merkle::TreeHead head = ledger.state.head();
    raft::Restored restored;
    restored.base = journal.base;
    restored.base_configuration = configuration_of(data_->genesis);
    restored.entries = journal.entries;
    restored.vote = journal.vote;
    restored.sealed = ledger.sealed;
    restored.claim = {ledger.state.height, head.size, head.root};
    restored.cosigned = journal.cosigned ? journal.cosigned->index : 0;
    raft::Settings settings;
    settings.self = member_;
    settings.network = network_id_;
    return raft::Core::start(settings, restored, election_seed());
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
            events_.raise(error.code == Errc::corrupt ? rpc::Alarm::integrity : rpc::Alarm::halt);
            if (on_halt_) on_halt_(error);
        });
    };
    return events;
}

void Node::start(std::function<void(Error)> halted) {
    on_halt_ = std::move(halted);
    driver_->start();
    scrubber_->start();
}

void Node::stop() {
    if (scrubber_ != nullptr) scrubber_->stop();
    if (driver_ != nullptr) driver_->stop();
}

}  // namespace chancery::node
