// Reads N-Quads as the vectors write them: strict in its grammar, but for which characters beyond
// ASCII a blank node's label may have.
//
// Source: RDF 1.1 N-Quads §4 (grammar).
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "crypto/base/ascii.h"
#include "crypto/base/utf8.h"
#include "crypto/rdf/dataset.h"

namespace chancery::test {

inline rdf::Term iri(std::string value) {
    return {
        .kind = rdf::Term::Kind::iri, .value = std::move(value), .datatype = {}, .language = {}};
}

inline rdf::Term blank(std::string label) {
    return {
        .kind = rdf::Term::Kind::blank, .value = std::move(label), .datatype = {}, .language = {}};
}

inline rdf::Term literal(std::string value, std::string_view datatype = rdf::xsd_string) {
    return {.kind = rdf::Term::Kind::literal,
            .value = std::move(value),
            .datatype = std::string(datatype),
            .language = {}};
}

inline rdf::Term tagged(std::string value, std::string language) {
    rdf::Term term = literal(std::move(value), rdf::rdf_lang_string);
    term.language = std::move(language);
    return term;
}

// Takes the terms of one line from its front; `failed` once something else stood there.
class NQuadsLine {
public:
    explicit NQuadsLine(std::string_view line) : rest_(line) {}

    bool failed() const { return failed_; }

    bool is_empty() {
        skip_blanks();
        return rest_.empty() || rest_.front() == '#';
    }

    rdf::Quad quad() {
        rdf::Quad quad{.subject = term(), .predicate = term(), .object = term(), .graph = {}};
        skip_blanks();
        if (!rest_.starts_with('.')) quad.graph = term();
        skip_blanks();
        expect(".");
        if (!is_empty()) failed_ = true;
        using Kind = rdf::Term::Kind;
        if (quad.subject.kind == Kind::literal || quad.predicate.kind != Kind::iri ||
            (quad.graph && quad.graph->kind == Kind::literal)) {
            failed_ = true;
        }
        return quad;
    }

private:
    rdf::Term term() {
        skip_blanks();
        if (rest_.starts_with('<')) return iri(bracketed());
        if (rest_.starts_with("_:")) return blank(label());
        std::string value = quoted();
        if (rest_.starts_with('@')) return tagged(std::move(value), language());
        if (!rest_.starts_with("^^")) return literal(std::move(value));
        rest_.remove_prefix(2);
        return literal(std::move(value), bracketed());
    }

    std::string bracketed() {
        std::string value;
        expect("<");
        while (!failed_ && !rest_.starts_with('>')) {
            if (rest_.starts_with('\\')) {
                append_escape(false, value);
            } else if (rest_.empty() || static_cast<unsigned char>(rest_.front()) <= 0x20 ||
                       std::string_view("<\"{}|^`").find(rest_.front()) != std::string::npos) {
                failed_ = true;
            } else {
                value += take();
            }
        }
        expect(">");
        return value;
    }

    std::string quoted() {
        std::string value;
        expect("\"");
        while (!failed_ && !rest_.starts_with('"')) {
            if (rest_.starts_with('\\')) {
                append_escape(true, value);
            } else if (rest_.empty()) {
                failed_ = true;
            } else {
                value += take();
            }
        }
        expect("\"");
        return value;
    }

    std::string label() {
        expect("_:");
        const auto is_part = [](char c) {
            return is_letter(c) || is_digit(c) || c == '_' || c == '-' || c == '.' ||
                   static_cast<unsigned char>(c) >= 0x80;
        };
        std::string value(prefix_of(is_part));
        while (value.ends_with('.'))  // Ends the statement; no label ends in one.
            value.pop_back();
        rest_.remove_prefix(value.size());
        if (value.empty() || value.front() == '-' || value.front() == '.') failed_ = true;
        return value;
    }

    std::string language() {
        expect("@");
        const auto is_part = [](char c) { return is_letter(c) || is_digit(c); };
        std::string value = take_while(is_letter);
        if (value.empty()) failed_ = true;
        while (!failed_ && rest_.starts_with('-')) {
            rest_.remove_prefix(1);
            const std::string part = take_while(is_part);
            if (part.empty()) failed_ = true;
            value += "-" + part;
        }
        return value;
    }

    void append_escape(bool in_literal, std::string& value) {
        constexpr std::string_view letters = "tbnrf\"'\\";
        constexpr std::string_view meant = "\t\b\n\r\f\"'\\";
        expect("\\");
        const char letter = rest_.empty() ? ' ' : take();
        if (letter == 'u' || letter == 'U') {
            append_code_point(letter == 'u' ? 4 : 8, value);
        } else if (const auto at = letters.find(letter); in_literal && at != std::string::npos) {
            value += meant[at];
        } else {
            failed_ = true;
        }
    }

    void append_code_point(std::size_t digits, std::string& value) {
        char32_t point = 0;
        for (std::size_t i = 0; i < digits; ++i) {
            const char digit = rest_.empty() ? ' ' : take();
            const auto at = std::string_view("0123456789abcdefABCDEF").find(digit);
            if (at == std::string::npos) {
                failed_ = true;
                return;
            }
            point = point * 16 + static_cast<char32_t>(at < 16 ? at : at - 6);
        }
        if (point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) {
            failed_ = true;
            return;
        }
        append_utf8(point, value);
    }

    static void append_utf8(char32_t point, std::string& value) {
        const auto byte = [&value](char32_t bits) { value += static_cast<char>(bits); };
        if (point < 0x80) return byte(point);
        if (point < 0x800) {
            byte(0xc0 | point >> 6);
        } else {
            if (point < 0x10000) {
                byte(0xe0 | point >> 12);
            } else {
                byte(0xf0 | point >> 18);
                byte(0x80 | (point >> 12 & 0x3f));
            }
            byte(0x80 | (point >> 6 & 0x3f));
        }
        byte(0x80 | (point & 0x3f));
    }

    char take() {
        const char first = rest_.front();
        rest_.remove_prefix(1);
        return first;
    }

    template <typename Predicate>
    std::string take_while(Predicate predicate) {
        std::string taken(prefix_of(predicate));
        rest_.remove_prefix(taken.size());
        return taken;
    }

    template <typename Predicate>
    std::string_view prefix_of(Predicate predicate) const {
        const auto end = std::ranges::find_if_not(rest_, predicate) - rest_.begin();
        return rest_.substr(0, static_cast<std::size_t>(end));
    }

    void expect(std::string_view token) {
        if (rest_.starts_with(token)) {
            rest_.remove_prefix(token.size());
        } else {
            failed_ = true;
        }
    }

    void skip_blanks() {
        while (rest_.starts_with(' ') || rest_.starts_with('\t'))
            rest_.remove_prefix(1);
    }

    std::string_view rest_;
    bool failed_ = false;
};

// Errc::invalid with the number of the first line that is none.
inline Result<rdf::Dataset> read_n_quads(std::string_view text) {
    if (!is_utf8(text)) return invalid("N-Quads are not UTF-8");
    rdf::Dataset dataset;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
        NQuadsLine line(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.is_empty()) continue;
        dataset.push_back(line.quad());
        if (line.failed()) return invalid("line " + std::to_string(number) + " is no quad");
    }
    return dataset;
}

}  // namespace chancery::test
