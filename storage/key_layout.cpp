#include "storage/key_layout.h"

#include "crypto/json/canonical.h"
#include "crypto/json/parse.h"

namespace chancery::storage {
namespace {

enum class Family : std::uint8_t {
    format = 0x00,
    head = 0x01,
    checkpoint = 0x02,
    members = 0x03,
    bundle = 0x04,
    tile = 0x05,
    chunk = 0x06,
    newest_status = 0x07,
    batch = 0x08,
    content = 0x09,
    height = 0x0a,
    members_step = 0x0b,
    watermark = 0x0c,
    publication = 0x0d,
    act = 0x0e,
    publication_at = 0x0f,
};

// A members object keeps every key that ever was: far more than one document of a stranger's may.
constexpr json::Limits members_limits{
    .bytes_max = 256ULL * 1024 * 1024, .depth_max = 32, .elements_max = 10'000'000};

Writer begin(Family family) {
    Writer out;
    out.u8(static_cast<std::uint8_t>(family));
    return out;
}

std::string key_of(const Writer& out) { return std::string(text_of(out.written())); }

std::string alone(Family family) { return key_of(begin(family)); }

std::string with_number(Family family, std::uint64_t number) {
    return key_of(begin(family).u64(number));
}

keys_of::KeyRange whole(Family family) {
    const auto next = static_cast<Family>(static_cast<std::uint8_t>(family) + 1);
    return {alone(family), alone(next)};
}

}  // namespace

namespace keys_of {

std::string format() { return alone(Family::format); }
std::string head() { return alone(Family::head); }
std::string checkpoint() { return alone(Family::checkpoint); }
std::string members() { return alone(Family::members); }
std::string bundle(std::uint64_t index) { return with_number(Family::bundle, index); }
std::string tile(std::uint8_t level, std::uint64_t index) {
    return key_of(begin(Family::tile).u8(level).u64(index));
}
std::string chunk(std::uint64_t index) { return with_number(Family::chunk, index); }
std::string newest_status(ledger::Position position) {
    return with_number(Family::newest_status, position);
}
std::string batch(ledger::MemberNumber member, const ledger::Nonce& nonce) {
    return key_of(begin(Family::batch).u32(member).bytes(nonce));
}
std::string content(const Hash& hash) { return key_of(begin(Family::content).bytes(hash)); }
std::string publication(ledger::MemberNumber member,
                        ledger::PublicationType type,
                        const Hash& name) {
    return key_of(
        begin(Family::publication).u32(member).u8(static_cast<std::uint8_t>(type)).bytes(name));
}
std::string act(ledger::MemberNumber member, std::uint64_t sequence) {
    return key_of(begin(Family::act).u32(member).u64(sequence));
}
std::string publication_at(ledger::MemberNumber member,
                           ledger::PublicationType type,
                           ledger::Position position) {
    return key_of(begin(Family::publication_at)
                      .u32(member)
                      .u8(static_cast<std::uint8_t>(type))
                      .u64(position));
}
std::string height(std::uint64_t height) { return with_number(Family::height, height); }
std::string members_step(std::uint64_t size) { return with_number(Family::members_step, size); }
std::string watermark() { return alone(Family::watermark); }

KeyRange all_chunks() { return whole(Family::chunk); }
KeyRange all_members_steps() { return whole(Family::members_step); }
KeyRange all_acts(ledger::MemberNumber member) { return {act(member, 0), act(member + 1, 0)}; }

CommitmentKey commitment(const Hash& commitment, ledger::MemberNumber member) {
    CommitmentKey key{};
    std::ranges::copy(commitment, key.begin());
    for (std::size_t i = 0; i < 4; ++i)
        key[32 + i] = static_cast<std::uint8_t>(member >> (8 * (3 - i)));
    return key;
}

}  // namespace keys_of

namespace values_of {

Bytes format(const Hash& network) {
    return Writer().u32(keys_of::database_format).bytes(network).take();
}

Result<void> check_format(ByteView value, const Hash& network) {
    Reader in(value);
    const std::uint32_t format = in.u32();
    if (!in.ran_short() && format > keys_of::database_format) {
        return corrupt("database format " + std::to_string(format) + ", this program knows " +
                       std::to_string(keys_of::database_format) + " and left it unchanged");
    }
    const Hash got = in.array<32>();
    if (!in.finished() || format != keys_of::database_format) {
        return corrupt("the format key has another form");
    }
    if (got != network) return corrupt("the database of another network");
    return {};
}

Bytes head(const Head& head) {
    Writer out;
    out.u64(head.height).u64(head.time).u64(head.id.term).u64(head.id.index).bytes(head.chain);
    out.u64(head.frontier.leaf_count());
    for (const Hash& root : head.frontier.roots())
        out.bytes(root);
    return out.take();
}

Result<Head> parse_head(ByteView value) {
    Reader in(value);
    Head head;
    head.height = in.u64();
    head.time = in.u64();
    head.id.term = in.u64();
    head.id.index = in.u64();
    head.chain = in.array<32>();
    const std::uint64_t size = in.u64();
    std::vector<Hash> roots;
    while (!in.rest().empty())
        roots.push_back(in.array<32>());
    if (!in.finished()) return corrupt("the head has another form");
    auto frontier = merkle::Frontier::restore(size, roots);
    if (!frontier) return frontier.error();
    head.frontier = std::move(*frontier);
    return head;
}

Bytes members(const ledger::Members& members) {
    const std::string text = json::canonical(ledger::to_json(members));
    const ByteView view = bytes_of(text);
    return {view.begin(), view.end()};
}

Result<ledger::Members> parse_members(ByteView value) {
    const auto parsed = json::parse(text_of(value), members_limits);
    if (!parsed) return corrupt("the members object: " + parsed.error().detail);
    auto members = ledger::parse_members(*parsed);
    if (!members) return corrupt("the members object: " + members.error().detail);
    return members;
}

Bytes number(std::uint64_t value) { return Writer().u64(value).take(); }

Result<std::uint64_t> parse_number(ByteView value) {
    Reader in(value);
    const std::uint64_t number = in.u64();
    if (!in.finished()) return corrupt("a number of " + std::to_string(value.size()) + " bytes");
    return number;
}

Bytes batch(const registry::BatchRecord& record) {
    Writer out;
    out.bytes(record.message).u64(record.expires).u64(record.first).u32(record.count);
    return out.u64(record.time).u64(record.height).take();
}

Result<registry::BatchRecord> parse_batch(ByteView value,
                                          ledger::MemberNumber member,
                                          const ledger::Nonce& nonce) {
    Reader in(value);
    registry::BatchRecord record;
    record.member = member;
    record.nonce = nonce;
    record.message = in.array<32>();
    record.expires = in.u64();
    record.first = in.u64();
    record.count = in.u32();
    record.time = in.u64();
    record.height = in.u64();
    if (!in.finished()) return corrupt("a batch record of another form");
    return record;
}

Bytes act(const registry::ActRecord& record) {
    Writer out;
    out.bytes(record.message).u64(record.position);
    return out.u64(record.time).u64(record.height).take();
}

Result<registry::ActRecord> parse_act(ByteView value,
                                      ledger::MemberNumber member,
                                      std::uint64_t sequence) {
    Reader in(value);
    registry::ActRecord record;
    record.member = member;
    record.sequence = sequence;
    record.message = in.array<32>();
    record.position = in.u64();
    record.time = in.u64();
    record.height = in.u64();
    if (!in.finished()) return corrupt("an act record of another form");
    return record;
}

Bytes members_step(const std::string& checkpoint, const ledger::Members& members) {
    Writer out;
    out.u32(static_cast<std::uint32_t>(checkpoint.size())).text(checkpoint);
    return out.bytes(values_of::members(members)).take();
}

Result<LedgerStore::MembersStep> parse_members_step(ByteView value, std::uint64_t size) {
    Reader in(value);
    const std::uint32_t length = in.u32();
    LedgerStore::MembersStep step;
    step.size = size;
    step.checkpoint = text_of(in.bytes(length));
    if (in.ran_short()) return corrupt("a members step that ends early");
    auto members = parse_members(in.rest());
    if (!members) return members.error();
    step.members = std::move(*members);
    return step;
}

Bytes position(ledger::Position position) {
    const Bytes whole = number(position);
    const auto first = std::ranges::find_if(whole, [](std::uint8_t byte) { return byte != 0; });
    return {first, whole.end()};
}

Result<ledger::Position> parse_position(ByteView value) {
    if (value.size() > 8 || (!value.empty() && value.front() == 0)) {
        return corrupt("a position of another form");
    }
    ledger::Position position = 0;
    for (const std::uint8_t byte : value)
        position = position << 8 | byte;
    return position;
}

}  // namespace values_of
}  // namespace chancery::storage
