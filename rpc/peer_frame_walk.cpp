#include "rpc/peer_frame_walk.h"

#include <algorithm>
#include <array>
#include <string>

#include <google/protobuf/descriptor.h>

#include "crypto/base/utf8.h"

namespace chancery::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

enum class WireType : std::uint8_t { varint = 0, length_delimited = 2 };

constexpr std::size_t varint_bytes_max = 10;

// Of the types that peer.proto uses.
WireType wire_type_of(const FieldDescriptor& field) {
    constexpr std::array integers = {
        FieldDescriptor::TYPE_UINT32, FieldDescriptor::TYPE_UINT64, FieldDescriptor::TYPE_BOOL};
    constexpr std::array strings = {
        FieldDescriptor::TYPE_STRING, FieldDescriptor::TYPE_BYTES, FieldDescriptor::TYPE_MESSAGE};
    if (std::ranges::find(integers, field.type()) != integers.end()) return WireType::varint;
    CHECK(std::ranges::find(strings, field.type()) != strings.end());
    return WireType::length_delimited;
}

class Walk {
public:
    explicit Walk(std::size_t fields_max) : fields_left_(fields_max), fields_max_(fields_max) {}

    Result<void> message(ByteView bytes, const Descriptor& type) {
        Reader in(bytes);
        int last = 0;
        while (!in.rest().empty()) {
            if (fields_left_ == 0)
                return invalid("more than " + std::to_string(fields_max_) + " fields");
            --fields_left_;
            const auto key = varint(in);
            if (!key) return key.error();
            const std::uint64_t number = *key >> 3U;
            if (number > FieldDescriptor::kMaxNumber) return invalid("an impossible field number");
            const auto* field = type.FindFieldByNumber(static_cast<int>(number));
            if (field == nullptr) {
                return invalid("unknown field " + std::to_string(number) + " in " + type.name());
            }
            if (const auto placed = check_place(*field, last); !placed) return placed;
            last = field->number();
            const auto walked = value(in, *field, *key & 7U);
            if (!walked) return walked;
        }
        return {};
    }

private:
    static Result<std::uint64_t> varint(Reader& in) {
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < varint_bytes_max; ++i) {
            const std::uint8_t byte = in.u8();
            if (in.ran_short()) return invalid("an integer that is cut off");
            if (i + 1 == varint_bytes_max && byte > 1) break;
            value |= std::uint64_t{byte & 0x7fU} << (7 * i);
            if ((byte & 0x80U) != 0) continue;
            if (byte == 0 && i > 0) return invalid("an integer longer than it need be");
            return value;
        }
        return invalid("an integer beyond 64 bits");
    }

    static Result<void> check_place(const FieldDescriptor& field, int last) {
        const bool is_after = field.is_repeated() ? field.number() >= last : field.number() > last;
        if (is_after) return {};
        return invalid(field.containing_type()->name() + ": field " +
                       std::to_string(field.number()) + " after field " + std::to_string(last));
    }

    Result<void> value(Reader& in, const FieldDescriptor& field, std::uint64_t got) {
        const WireType want = wire_type_of(field);
        if (got != static_cast<std::uint64_t>(want)) {
            return invalid(field.full_name() + " of wire type " + std::to_string(got) + ", want " +
                           std::to_string(static_cast<int>(want)));
        }
        const auto number = varint(in);
        if (!number) return number.error();
        if (want == WireType::varint) return {};
        if (*number > in.rest().size()) {
            return invalid(field.full_name() + " of " + std::to_string(*number) + " bytes, " +
                           std::to_string(in.rest().size()) + " are left");
        }
        const ByteView content = in.bytes(static_cast<std::size_t>(*number));
        if (field.type() == FieldDescriptor::TYPE_MESSAGE)
            return message(content, *field.message_type());
        if (field.type() == FieldDescriptor::TYPE_STRING && !is_utf8(text_of(content)))
            return invalid(field.full_name() + " that is not UTF-8");
        return {};
    }

    std::size_t fields_left_;
    std::size_t fields_max_;
};

}  // namespace

Result<void> walk_message(ByteView bytes, const Descriptor& type, std::size_t fields_max) {
    return Walk(fields_max).message(bytes, type);
}

}  // namespace chancery::rpc
