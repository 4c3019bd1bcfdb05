#include "node/cli/qr_code.h"

#include <array>
#include <memory>

#include <qrencode.h>

namespace chancery::cli {
namespace {

constexpr std::size_t margin = 4;
constexpr int smallest_that_fits = 0;
constexpr unsigned black_bit = 1;
constexpr std::size_t svg_units = 10;

struct ReleaseCode {
    void operator()(QRcode* code) const { QRcode_free(code); }
};

bool is_black(const image::Squares& squares, std::size_t x, std::size_t y) {
    return y < squares.width && squares.are_black[y * squares.width + x];
}

std::string units(std::size_t squares) { return std::to_string(squares * svg_units); }

}  // namespace

Result<image::Squares> qr_code(std::string_view text) {
    if (text.empty() || text.size() > qr_bytes_max) {
        return Error{Errc::invalid,
                     "QR code of " + std::to_string(text.size()) + " bytes, want 1 to " +
                         std::to_string(qr_bytes_max)};
    }
    if (text.find('\0') != std::string_view::npos)
        return Error{Errc::invalid, "QR code of a text with a NUL"};
    const std::string terminated(text);
    const std::unique_ptr<QRcode, ReleaseCode> code(
        QRcode_encodeString8bit(terminated.c_str(), smallest_that_fits, QR_ECLEVEL_M));
    CHECK(code != nullptr && code->width > 0);
    const auto inner = static_cast<std::size_t>(code->width);
    image::Squares squares;
    squares.width = inner + 2 * margin;
    squares.are_black.resize(squares.width * squares.width);
    for (std::size_t i = 0; i < inner * inner; ++i) {
        const std::size_t place = (i / inner + margin) * squares.width + i % inner + margin;
        squares.are_black[place] = (code->data[i] & black_bit) != 0;
    }
    return squares;
}

std::string svg_of(const image::Squares& squares) {
    const std::string side = units(squares.width);
    std::string path;
    for (std::size_t y = 0; y < squares.width; ++y) {
        for (std::size_t x = 0; x < squares.width; ++x) {
            if (!is_black(squares, x, y)) continue;
            const std::size_t begin = x;
            while (x < squares.width && is_black(squares, x, y))
                ++x;
            path += "M" + units(begin) + " " + units(y) + "h" + units(x - begin) + "v" + units(1) +
                    "h-" + units(x - begin) + "z";
        }
    }
    return R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 )" + side + " " + side +
           R"(" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h)" + side + "v" + side +
           "h-" + side + R"(z"/><path d=")" + path + "\"/></svg>\n";
}

std::string blocks_of(const image::Squares& squares) {
    // By whether the upper and the lower square are black.
    constexpr std::array<std::string_view, 4> blocks = {"█", "▀", "▄", " "};
    std::string text;
    for (std::size_t y = 0; y < squares.width; y += 2) {
        for (std::size_t x = 0; x < squares.width; ++x) {
            const bool has_lower = y + 1 < squares.width;
            const std::size_t lower = !has_lower || is_black(squares, x, y + 1) ? 1 : 0;
            text += blocks.at((is_black(squares, x, y) ? 2U : 0U) + lower);
        }
        text += "\n";
    }
    return text;
}

}  // namespace chancery::cli
