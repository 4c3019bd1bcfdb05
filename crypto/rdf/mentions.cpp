#include "crypto/rdf/mentions.h"

#include <algorithm>

namespace chancery::rdf {
namespace {

constexpr char name_of_others = 'z';
constexpr char name_of_itself = 'a';

using Labels = std::vector<std::string_view>;

Labels labels_of(const Dataset& dataset) {
    Labels labels;
    const auto add = [&labels](const Term& term) {
        if (term.kind == Term::Kind::blank) labels.push_back(term.value);
    };
    for (const Quad& quad : dataset) {
        add(quad.subject);
        add(quad.object);
        if (quad.graph) add(*quad.graph);
    }
    std::ranges::sort(labels);
    labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
    return labels;
}

void append_with_gap(const Term& term, char position, const Labels& labels, Line& line) {
    if (term.kind != Term::Kind::blank) {
        append_term(term, line.text);
        return;
    }
    const auto found = std::ranges::lower_bound(labels, std::string_view(term.value));
    line.text += "_:";
    line.gaps.push_back({.at = line.text.size(),
                         .node = static_cast<Node>(found - labels.begin()),
                         .position = position});
    line.text += name_of_others;
}

Line line_of(const Quad& quad, const Labels& labels) {
    Line line;
    append_with_gap(quad.subject, 's', labels, line);
    line.text += ' ';
    line.predicate_at = line.text.size();
    append_term(quad.predicate, line.text);
    line.predicate_bytes = line.text.size() - line.predicate_at;
    line.text += ' ';
    append_with_gap(quad.object, 'o', labels, line);
    if (quad.graph) {
        line.text += ' ';
        append_with_gap(*quad.graph, 'g', labels, line);
    }
    line.text += " .\n";
    return line;
}

}  // namespace

Mentions find_mentions(const Dataset& dataset) {
    Mentions mentions;
    mentions.labels = labels_of(dataset);
    for (const Quad& quad : dataset) {
        Line line = line_of(quad, mentions.labels);
        if (line.gaps.empty()) {
            mentions.ground.push_back(std::move(line.text));
        } else {
            mentions.lines.push_back(std::move(line));
        }
    }
    // A repeated quad would be hashed twice, which says something else of its nodes.
    std::ranges::sort(mentions.lines);
    mentions.lines.erase(std::unique(mentions.lines.begin(), mentions.lines.end()),
                         mentions.lines.end());

    mentions.lines_of.resize(mentions.labels.size());
    for (std::uint32_t i = 0; i < mentions.lines.size(); ++i) {
        for (const Gap& gap : mentions.lines[i].gaps) {
            auto& mentioning = mentions.lines_of[gap.node];
            if (mentioning.empty() || mentioning.back() != i) mentioning.push_back(i);
        }
    }
    return mentions;
}

std::string first_degree_text(const Mentions& mentions, Node node) {
    std::vector<std::string> lines;
    lines.reserve(mentions.lines_of[node].size());
    for (const std::uint32_t index : mentions.lines_of[node]) {
        const Line& line = mentions.lines[index];
        std::string& text = lines.emplace_back(line.text);
        for (const Gap& gap : line.gaps) {
            if (gap.node == node) text[gap.at] = name_of_itself;
        }
    }
    std::ranges::sort(lines);
    std::string all;
    for (const std::string& line : lines)
        all += line;
    return all;
}

}  // namespace chancery::rdf
