#include "rpc/peer_frame.h"

#include <algorithm>
#include <fstream>

#include <gtest/gtest.h>

#include "rpc/peer_pieces.h"
#include "tests/support/format_vectors.h"
#include "tests/support/peer_messages.h"

namespace chancery::rpc {
namespace {

using test::from_node;

const json::Value& vectors() {
    static const json::Value all = test::vector_json("chancery/peer_frames.json");
    return all;
}

// Every byte string of `frame`'s length or shorter that differs from it in one byte or its end.
template <typename Look>
void for_each_damage(const Bytes& frame, Look look) {
    for (std::size_t length = 0; length < frame.size(); ++length)
        look(Bytes(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(length)));
    for (std::size_t at = 0; at < frame.size(); ++at) {
        for (int byte = 0; byte < 256; ++byte) {
            Bytes damaged = frame;
            damaged[at] = static_cast<std::uint8_t>(byte);
            if (damaged != frame) look(damaged);
        }
    }
}

TEST(PeerFrame, EveryMessageComesBack) {
    for (const PeerMessage& message : test::every_message()) {
        const auto decoded = decode_frame(encode_frame(message));
        ASSERT_TRUE(decoded) << decoded.error().detail;
        EXPECT_EQ(*decoded, message);
    }
}

TEST(PeerFrame, IsWhatTheVectorsSay) {
    const auto messages = test::every_message();
    const json::Array& cases = test::cases_in(vectors(), "taken");
    ASSERT_EQ(cases.size(), messages.size());
    for (std::size_t i = 0; i < messages.size(); ++i) {
        SCOPED_TRACE(test::text_at(cases[i], "name"));
        const Bytes bytes = test::bytes_at(cases[i], "bytes");
        EXPECT_EQ(to_hex(encode_frame(messages[i])), to_hex(bytes));
        const auto decoded = decode_frame(bytes);
        ASSERT_TRUE(decoded) << decoded.error().detail;
        EXPECT_EQ(*decoded, messages[i]);
    }
}

TEST(PeerFrame, IsNothingThatTheVectorsRefuse) {
    for (const json::Value& refused : test::cases_in(vectors(), "refused")) {
        const auto decoded = decode_frame(test::bytes_at(refused, "bytes"));
        EXPECT_FALSE(decoded) << test::text_at(refused, "name");
        EXPECT_TRUE(decoded || decoded.error().code == Errc::invalid);
    }
}

TEST(PeerFrame, ARefusalSaysWhatWasWrong) {
    const std::vector<std::pair<std::string, std::string>> reasons = {
        {"another version", "peer frame: version 2, want 1"},
        {"unknown field inside", "peer frame: unknown field 2 in MemoryRequest"},
        {"integer as 8 bytes", "peer frame: chancery.rpc.wire.Frame.term of wire type 1, want 0"},
        {"integer given twice", "peer frame: Frame: field 5 after field 5"},
        {"zero written out", "peer frame: is not the canonical encoding of what it says"},
        {"network of 31 bytes", "peer frame: network id of 31 bytes, want 32"},
        {"certificate of 65 votes", "peer frame: certificate of 65 votes, want 1 to 64"},
        {"513 bytes of detail", "peer frame: detail of 513, at most 512"},
        {"a checkpoint not in UTF-8",
         "peer frame: chancery.rpc.wire.Seal.checkpoint that is not UTF-8"},
    };
    for (const auto& [name, want] : reasons) {
        const json::Array& cases = test::cases_in(vectors(), "refused");
        const auto found = std::ranges::find_if(
            cases, [&name = name](const auto& one) { return test::text_at(one, "name") == name; });
        ASSERT_NE(found, cases.end()) << name;
        EXPECT_EQ(decode_frame(test::bytes_at(*found, "bytes")).error().detail, want);
    }
}

TEST(PeerFrame, DamagedIsRefusedOrSaysSomethingElseCanonically) {
    const std::vector<PeerBody> bodies = {
        test::every_other_body()[4],
        RaftMessage{raft::Append{{6, 41}, test::filled(1), test::some_entries(), 41, {}},
                    test::some_seals()}};
    for (const PeerBody& body : bodies) {
        const Bytes frame = encode_frame(from_node(3, body));
        for_each_damage(frame, [&](const Bytes& damaged) {
            const auto decoded = decode_frame(damaged);
            EXPECT_TRUE(!decoded || encode_frame(*decoded) == damaged);
        });
    }
}

TEST(PeerFrame, HoldsItsLimits) {
    const auto entry = test::some_entry(1, raft::EntryKind::block, "b");
    JournalEntries answer;
    answer.entries.assign(peer_entries_max, entry);
    answer.seals.assign(peer_entries_max, Seal{1, "s"});
    const Bytes largest = encode_frame(from_node(3, answer));
    EXPECT_TRUE(decode_frame(largest));
    // One more of each: the same bytes again, inside a longer body.
    const Bytes one_entry = encode_frame(from_node(3, JournalEntries{0, {entry}, {}}));
    const Bytes head = encode_frame(from_node(3, JournalEntries{}));
    const Bytes field(one_entry.begin() + static_cast<std::ptrdiff_t>(head.size()),
                      one_entry.end());
    Bytes body;
    for (std::size_t i = 0; i <= peer_entries_max; ++i)
        body.insert(body.end(), field.begin(), field.end());
    Bytes frame(head.begin(), head.end() - 1);
    std::size_t length = body.size();
    for (; length > 0x7f; length >>= 7U)
        frame.push_back(static_cast<std::uint8_t>((length & 0x7fU) | 0x80U));
    frame.push_back(static_cast<std::uint8_t>(length));
    frame.insert(frame.end(), body.begin(), body.end());
    EXPECT_EQ(decode_frame(frame).error().detail, "peer frame: entries of 1025, at most 1024");
    EXPECT_EQ(decode_frame(Bytes(peer_frame_bytes_max + 1, 8)).error().detail,
              "peer frame: 5242881 bytes, at most 5242880");
}

TEST(PeerFrame, AnyEntryThatCameFitsAFrameThatGoes) {
    auto entry = test::some_entry(42, raft::EntryKind::block, "");
    entry.payload = std::make_shared<const Bytes>(peer_payload_bytes_max, 7);
    const std::vector<Seal> seals(3, Seal{41, std::string(note::note_bytes_max, 's')});
    const raft::Append append{{6, 41}, test::filled(1), {entry}, 41, test::some_certificate(64)};
    const Bytes frame = encode_frame(from_node(3, RaftMessage{append, seals}));
    EXPECT_LE(frame.size(), peer_frame_bytes_max);
    EXPECT_TRUE(decode_frame(frame));
    entry.payload = std::make_shared<const Bytes>(peer_payload_bytes_max + 1, 7);
    EXPECT_DEATH(encode_frame(from_node(3, JournalEntries{41, {entry}, {}})),
                 "peer_payload_bytes_max");
}

TEST(PeerFrame, ContentMayHave64KiB) {
    const auto content = [](std::size_t bytes) {
        return from_node(3, Content{std::make_shared<const Bytes>(bytes, 1)});
    };
    EXPECT_TRUE(decode_frame(encode_frame(content(peer_content_bytes_max))));
    EXPECT_DEATH(encode_frame(content(peer_content_bytes_max + 1)), "peer_content_bytes_max");
}

// The most memory that this process held since the last call, in KiB.
long peak_kib() {
    std::ifstream status("/proc/self/status");
    long kib = 0;
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmHWM:")) kib = std::stol(line.substr(6));
    std::ofstream("/proc/self/clear_refs") << "5";
    return kib;
}

// Five million bytes of the smallest fields there are, where each would become an object.
TEST(PeerFrame, ManySmallFieldsNeverBecomeObjects) {
    Bytes frame = encode_frame(from_node(3, JournalEntries{}));
    frame.pop_back();  // The body's length, 0.
    constexpr std::size_t body_bytes = std::size_t{5} * 1000 * 1000;
    for (std::size_t length = body_bytes; length > 0; length >>= 7U)
        frame.push_back(static_cast<std::uint8_t>((length & 0x7fU) | (length > 0x7f ? 0x80U : 0U)));
    for (std::size_t i = 0; i < body_bytes; i += 2) {
        frame.push_back(0x12);  // Field 2, an entry of no bytes.
        frame.push_back(0);
    }
    peak_kib();
    const long before = peak_kib();
    EXPECT_EQ(decode_frame(frame).error().detail, "peer frame: more than 9728 fields");
    EXPECT_LT(peak_kib() - before, 8 * 1024);
}

TEST(PeerFrame, ALongDetailIsCutBetweenCharacters) {
    const std::string text = std::string(511, 'x') + "\u00fc and more";
    const auto decoded =
        decode_frame(encode_frame(from_node(3, ForwardRefusal{1, Error{Errc::invalid, text}})));
    ASSERT_TRUE(decoded) << decoded.error().detail;
    EXPECT_EQ(std::get<ForwardRefusal>(decoded->body).refusal.detail, std::string(511, 'x'));
}

TEST(PeerFrame, ACodeThatNoRefusalHasSaysTryAgain) {
    for (const Errc code : {Errc::not_found, Errc::timeout, Errc::corrupt, Errc::io}) {
        const auto decoded =
            decode_frame(encode_frame(from_node(3, ForwardRefusal{1, Error{code, ""}})));
        ASSERT_TRUE(decoded) << decoded.error().detail;
        EXPECT_EQ(std::get<ForwardRefusal>(decoded->body).refusal.code, Errc::unavailable);
    }
}

TEST(PeerFrame, OfAnotherNetworkEpochOrSenderIsForbidden) {
    const PeerMessage message = from_node(3, MemoryRequest{1});
    const FrameOrigin origin{message.network, 2, 3};
    EXPECT_TRUE(check_origin(message, origin));
    FrameOrigin other = origin;
    other.network = test::filled(0xa2);
    EXPECT_EQ(
        check_origin(message, other).error().detail,
        "peer frame: of network " + to_hex(message.network) + ", want " + to_hex(other.network));
    other = origin;
    other.epoch = 3;
    EXPECT_EQ(check_origin(message, other).error().detail, "peer frame: of epoch 2, want 3");
    other = origin;
    other.sender = 4;
    EXPECT_EQ(check_origin(message, other).error().detail,
              "peer frame: says it is from node 3, came from node 4");
    EXPECT_EQ(check_origin(message, other).error().code, Errc::forbidden);
}

Bytes joined(const json::Array& parts) {
    Bytes whole;
    for (const json::Value& part : parts) {
        const json::Array* pair = part.as_array();
        CHECK(pair != nullptr && pair->size() == 2 && pair->front().as_string() != nullptr);
        const Bytes bytes = test::unhex(*pair->front().as_string());
        for (auto times = test::number_of(pair->back()); times > 0; --times)
            whole.insert(whole.end(), bytes.begin(), bytes.end());
    }
    return whole;
}

// The frames of a stream that comes `step` bytes at a time; nullopt if it is refused.
std::optional<std::vector<Bytes>> read_pieces(const Bytes& stream, std::size_t step) {
    PieceReader reader(peer_frame_bytes_max);
    std::vector<Bytes> frames;
    for (std::size_t at = 0; at < stream.size(); at += step) {
        reader.take(ByteView(stream).subspan(at, std::min(step, stream.size() - at)));
        for (;;) {
            auto frame = reader.next();
            if (!frame) return std::nullopt;
            if (!*frame) break;
            frames.push_back(std::move(**frame));
        }
    }
    return frames;
}

TEST(PeerPieces, AreWhatTheVectorsSayHoweverTheyCome) {
    for (const json::Value& one : test::cases_in(vectors(), "pieces")) {
        SCOPED_TRACE(test::text_at(one, "name"));
        const Bytes stream = joined(test::array_at(one, "stream"));
        std::optional<std::vector<Bytes>> want;
        if (!one.find("frames")->is_null()) {
            want.emplace();
            for (const json::Value& frame : test::array_at(one, "frames"))
                want->push_back(joined(*frame.as_array()));
        }
        EXPECT_EQ(read_pieces(stream, stream.size()), want);
        EXPECT_EQ(read_pieces(stream, 3), want);
        if (stream.size() > 200'000) continue;
        EXPECT_EQ(read_pieces(stream, 1), want);
    }
}

TEST(PeerPieces, PutTogetherWhatWasWritten) {
    for (const std::size_t size : {1U, 65'535U, 65'536U, 65'537U, 131'072U, 5'242'880U}) {
        const Bytes frame(size, 7);
        Writer out;
        for (std::size_t at = 0; at < size;)
            at += write_piece(out, ByteView(frame).subspan(at));
        EXPECT_EQ(read_pieces(out.written(), 10'000), std::vector<Bytes>{frame});
    }
}

}  // namespace
}  // namespace chancery::rpc
