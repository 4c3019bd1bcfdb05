// The floors, the places of the libraries, and what simulation needs, read from the includes.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace {

namespace fs = std::filesystem;

struct Source {
    std::string path;  // From the root, with '/'.
    std::vector<std::string> lines;
    std::vector<std::string> includes;  // Between the quotes or brackets.
};

std::vector<Source> read_sources() {
    const std::regex include("^\\s*#\\s*include\\s*[<\"]([^>\"]+)[>\"]");
    std::vector<Source> sources;
    for (const char* const folder : {"crypto", "consensus", "storage", "rpc", "node"}) {
        for (const auto& file :
             fs::recursive_directory_iterator(fs::path(CHANCERY_SOURCE) / folder)) {
            const std::string extension = file.path().extension().string();
            if (extension != ".h" && extension != ".cpp") continue;
            Source source{fs::relative(file.path(), CHANCERY_SOURCE).generic_string(), {}, {}};
            std::ifstream text(file.path());
            for (std::string line; std::getline(text, line);) {
                std::smatch match;
                if (std::regex_search(line, match, include)) source.includes.push_back(match[1]);
                source.lines.push_back(line);
            }
            sources.push_back(source);
        }
    }
    return sources;
}

const std::vector<Source>& sources() {
    static const std::vector<Source> all = read_sources();
    return all;
}

bool is_below(const std::string& path, const std::string& place) {
    return path == place || path.starts_with(place + "/") || path.starts_with(place + ".");
}

bool is_below_any(const std::string& path, const std::vector<std::string>& places) {
    return std::ranges::any_of(places, [&](const auto& place) { return is_below(path, place); });
}

std::string first_folder(const std::string& path) { return path.substr(0, path.find('/')); }

TEST(Architecture, NoFloorReachesUpward) {
    const std::map<std::string, std::set<std::string>> may_include = {
        {"crypto", {"crypto"}},
        {"consensus", {"crypto", "consensus"}},
        {"storage", {"crypto", "consensus", "storage"}},
        {"rpc", {"crypto", "consensus", "rpc"}},
        {"node", {"crypto", "consensus", "storage", "rpc", "node"}},
    };
    for (const Source& source : sources()) {
        const auto& allowed = may_include.at(first_folder(source.path));
        for (const std::string& included : source.includes) {
            if (!may_include.contains(first_folder(included))) continue;
            EXPECT_TRUE(allowed.contains(first_folder(included)))
                << source.path << " includes " << included;
        }
    }
}

struct Library {
    std::string header;  // A prefix of the include.
    std::vector<std::string> places;
    std::size_t files_max = 1'000;  // .cpp files that may include it.
};

const std::vector<Library>& libraries() {
    static const std::vector<Library> table = {
        {"openssl/", {"crypto/hash", "crypto/keys", "rpc"}},
        {"secp256k1", {"crypto/keys"}},
        {"nlohmann/", {"crypto/json"}, 3},
        {"zlib.h", {"crypto", "storage", "rpc"}},
        {"rocksdb/", {"storage"}},
        {"boost/asio", {"rpc", "node"}},
        {"boost/beast", {"rpc"}, 3},
        {"google/protobuf", {"rpc/peer_frame_walk"}, 1},
        {"rpc/peer.pb.h", {"rpc/peer_frame", "rpc/peer_frame_read", "rpc/peer_frame_write"}, 3},
        {"CLI/", {"node/cli", "node/daemon"}, 3},
        {"toml++/", {"node"}},
        {"prometheus/", {"node"}},
        {"spdlog/", {"node/diary"}},
        {"qrencode.h", {"node/cli/qr_code"}, 1},
    };
    return table;
}

TEST(Architecture, EachLibraryKeepsItsPlace) {
    for (const Library& library : libraries()) {
        for (const Source& source : sources()) {
            for (const std::string& included : source.includes) {
                if (!included.starts_with(library.header)) continue;
                EXPECT_TRUE(is_below_any(source.path, library.places))
                    << source.path << " includes " << included;
            }
        }
    }
}

TEST(Architecture, HeavyHeadersStayInFewFiles) {
    for (const Library& library : libraries()) {
        if (library.files_max == 1'000) continue;
        std::set<std::string> files;
        for (const Source& source : sources()) {
            const auto is_it = [&](const auto& include) {
                return include.starts_with(library.header);
            };
            if (!std::ranges::any_of(source.includes, is_it)) continue;
            EXPECT_TRUE(source.path.ends_with(".cpp"))
                << source.path << " hands " << library.header << " to whoever includes it";
            files.insert(source.path);
        }
        EXPECT_LE(files.size(), library.files_max) << library.header;
    }
}

// The simulator drives these without sockets or a database, so their headers, and all that those
// include, must be free of both.
TEST(Architecture, WhatIsSimulatedNeedsNeitherAsioNorRocksdb) {
    std::map<std::string, const Source*> by_path;
    for (const Source& source : sources())
        by_path[source.path] = &source;
    std::vector<std::string> waiting = {"node/replica.h",
                                        "node/sealer.h",
                                        "storage/journal.h",
                                        "storage/fence.h",
                                        "storage/ledger_store.h"};
    for (const std::string& header : waiting)
        EXPECT_TRUE(by_path.contains(header)) << header;
    std::set<std::string> seen;
    while (!waiting.empty()) {
        const std::string path = waiting.back();
        waiting.pop_back();
        if (!by_path.contains(path) || !seen.insert(path).second) continue;
        for (const std::string& included : by_path.at(path)->includes) {
            EXPECT_FALSE(included.starts_with("boost/") || included.starts_with("rocksdb/"))
                << path << " includes " << included;
            waiting.push_back(included);
        }
    }
}

TEST(Architecture, TheLowerFloorsAreGivenTimeAndChance) {
    const std::regex banned(
        R"(\b(system_clock|steady_clock|random_device|mt19937|std::thread|std::jthread|getenv|fopen|ifstream|ofstream)\b)");
    for (const Source& source : sources()) {
        if (!is_below_any(source.path, {"crypto", "consensus"})) continue;
        for (std::size_t i = 0; i < source.lines.size(); ++i) {
            EXPECT_FALSE(std::regex_search(source.lines[i], banned))
                << source.path << ":" << i + 1 << ": " << source.lines[i];
        }
    }
}

// The text of an awaited expression: from after co_await to its end.
std::string awaited(const std::string& text) {
    int depth = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '(' || c == '{' || c == '[') ++depth;
        if (c == ')' || c == '}' || c == ']') --depth;
        if (depth < 0 || c == ';') return text.substr(0, i);
    }
    return text;
}

// g++ 12 destroys a braced aggregate or a capturing lambda inside co_await twice.
TEST(Architecture, CoAwaitTakesNamedArguments) {
    constexpr std::string_view word = "co_await ";
    for (const Source& source : sources()) {
        std::string text;
        for (const std::string& line : source.lines)
            text += line + "\n";
        for (std::size_t at = text.find(word); at != std::string::npos;
             at = text.find(word, at + 1)) {
            const std::string expression = awaited(text.substr(at + word.size()));
            EXPECT_EQ(expression.find_first_of("{["), std::string::npos)
                << source.path << ": co_await " << expression;
        }
    }
}

TEST(Architecture, CoroutinesStayInTheUpperFloors) {
    for (const Source& source : sources()) {
        if (is_below_any(source.path, {"rpc", "node"})) continue;
        for (const std::string& line : source.lines) {
            EXPECT_EQ(line.find("co_await"), std::string::npos) << source.path;
        }
    }
}

TEST(Architecture, EveryHeaderBeginsWithWhatItIsFor) {
    for (const Source& source : sources()) {
        if (!source.path.ends_with(".h")) continue;
        ASSERT_FALSE(source.lines.empty()) << source.path;
        EXPECT_TRUE(source.lines.front().starts_with("// ")) << source.path;
        EXPECT_NE(std::ranges::find(source.lines, "#pragma once"), source.lines.end())
            << source.path;
    }
}

TEST(Architecture, FilesFitAReadersHead) {
    for (const Source& source : sources()) {
        const bool says_why =
            !source.lines.empty() && source.lines.front().find("long because") != std::string::npos;
        EXPECT_TRUE(source.lines.size() <= 400 || says_why)
            << source.path << " has " << source.lines.size() << " lines";
        for (std::size_t i = 0; i < source.lines.size(); ++i) {
            // Counted in characters, not bytes.
            const auto is_first_byte = [](char c) {
                return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;
            };
            EXPECT_LE(std::ranges::count_if(source.lines[i], is_first_byte), 100)
                << source.path << ":" << i + 1;
        }
    }
}

TEST(Architecture, NothingIsLeftForLater) {
    const std::regex unfinished(R"(\b(TODO|FIXME|XXX|HACK)\b)");
    for (const Source& source : sources()) {
        for (std::size_t i = 0; i < source.lines.size(); ++i) {
            EXPECT_FALSE(std::regex_search(source.lines[i], unfinished))
                << source.path << ":" << i + 1;
        }
    }
}

}  // namespace
