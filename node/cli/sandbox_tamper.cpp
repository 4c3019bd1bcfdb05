#include "node/cli/sandbox_tamper.h"

#include <algorithm>
#include <filesystem>
#include <thread>

#include "crypto/base/encoding.h"
#include "crypto/credential/fork_evidence.h"
#include "crypto/json/canonical.h"
#include "crypto/json/members.h"
#include "crypto/json/parse.h"
#include "node/cli/altered_file.h"
#include "node/cli/node_client.h"
#include "node/keystore.h"
#include "node/local_file.h"

namespace chancery::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t file_bytes_max = std::size_t{256} * 1024 * 1024;
constexpr std::chrono::seconds refusal_wait{20};
constexpr std::chrono::milliseconds poll_interval{25};
constexpr int status_altered = static_cast<int>(Exit::not_valid);
constexpr int status_alarm = static_cast<int>(Exit::alarm);
// Within the first block of a table, behind the lengths that it begins with.
constexpr std::size_t table_offset = 16;
constexpr std::size_t turn_step = 4'096;  // Turns begin at multiples of it.
constexpr std::size_t turn_offset = 8;

// What a command's document says it found.
std::string finding_in(const SandboxAnswer& answer) {
    const json::Value* finding = answer.document.find("finding");
    if (finding != nullptr && finding->as_object() != nullptr)
        return std::string(json::text_in(*finding, "what"));
    std::string said(json::text_in(answer.document, "verdict"));
    const std::string_view reason = json::text_in(answer.document, "reason");
    return reason.empty() ? said : said + ": " + std::string(reason);
}

// Files of a folder, by name.
std::vector<std::string> files_in(const std::string& folder) {
    std::vector<std::string> files;
    std::error_code error;
    for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error))
        if (entry->is_regular_file(error)) files.push_back(entry->path().string());
    std::ranges::sort(files);
    return files;
}

class Tampering {
public:
    Tampering(Session& session, Sandbox& sandbox)
        : session_(session), sandbox_(sandbox), folder_(sandbox.folder() + "/tampered") {
        std::error_code absent;
        fs::remove_all(folder_, absent);
    }
    Tampering(const Tampering&) = delete;
    Tampering& operator=(const Tampering&) = delete;
    ~Tampering() {
        std::error_code absent;
        fs::remove_all(folder_, absent);
    }

    Result<void> alter_copies() {
        if (const auto made = node::make_directories(folder_, 0700); !made) return made.error();
        if (const auto done = alter_badge(); !done) return done;
        if (const auto done = alter_receipt(); !done) return done;
        if (const auto done = alter_status(); !done) return done;
        if (const auto done = alter_log(); !done) return done;
        return write_two_histories();
    }

    Result<void> alter_node(SandboxNode& node) {
        node.stop();
        if (const auto done = alter_journal(node); !done) return done;
        return alter_database(node);
    }

    std::vector<Demonstration> take() { return std::move(shown_); }

private:
    Result<void> try_command(const std::string& change,
                             const std::vector<std::string>& words,
                             int wanted) {
        const auto answer = sandbox_.chancery(words);
        if (!answer) return answer.error();
        show({change,
              "chancery " + words[0] + (words[0] == "verify" ? "" : " " + words[1]),
              finding_in(*answer),
              answer->status == wanted});
        return {};
    }

    void show(Demonstration one) {
        session_.out.note("  " + std::string(one.is_detected ? "✔ " : "✘ ") + one.change);
        session_.out.note("      " + one.check + ": " +
                          (one.is_detected ? one.found : "found nothing wrong"));
        shown_.push_back(std::move(one));
    }

    Result<std::string> badge_file(const std::string& ending) const {
        return node::read_file(sandbox_.badges() + "/ana.badge" + ending, file_bytes_max);
    }
    Result<std::string> write_copy(const std::string& name, const std::string& content) const {
        std::string path = folder_ + "/" + name;
        const auto written = node::replace_file(path, content, node::private_mode);
        if (!written) return written.error();
        return path;
    }

    Result<void> alter_badge() {
        auto text = badge_file(".json");
        if (!text) return text.error();
        const std::size_t name = text->find("Ana ");
        if (name == std::string::npos)
            return Error{Errc::not_found, "ana.badge.json: no holder of the name Ana"};
        const auto path = write_copy("ana.badge.json", text->replace(name, 3, "Eva"));
        if (!path) return path.error();
        return try_command(
            "a copy of a badge, made out to another holder", {"verify", *path}, status_altered);
    }

    Result<void> alter_receipt() {
        auto text = badge_file(".tlog-proof");
        if (!text) return text.error();
        const std::size_t index = text->find("\nindex ");
        const std::size_t path_begin =
            index == std::string::npos ? index : text->find('\n', index + 1);
        if (path_begin == std::string::npos || path_begin + 1 >= text->size())
            return Error{Errc::not_found, "ana.badge.tlog-proof: no path to alter"};
        char& letter = (*text)[path_begin + 1];
        letter = letter == 'A' ? 'B' : 'A';
        const auto path = write_copy("ana.badge.tlog-proof", *text);
        if (!path) return path.error();
        return try_command("a receipt with another path to the log's root",
                           {"proof", "check", *path},
                           status_altered);
    }

    Result<void> alter_status() {
        const auto text = badge_file(".status.json");
        if (!text) return text.error();
        auto document = json::parse(*text);
        json::Value* chunk = document ? document->find("chunk") : nullptr;
        if (chunk == nullptr) return Error{Errc::invalid, "ana.badge.status.json: has no chunk"};
        std::string bytes(json::text_in(*chunk, "bytes"));
        if (bytes.empty()) return Error{Errc::invalid, "ana.badge.status.json: has no chunk"};
        bytes.front() = bytes.front() == 'A' ? 'Q' : 'A';
        chunk->set("bytes", bytes);
        const auto path = write_copy("ana.badge.status.json", json::pretty(*document));
        if (!path) return path.error();
        return try_command(
            "a status proof that says another status", {"proof", "check", *path}, status_altered);
    }

    Result<void> alter_log() {
        const std::string copy = folder_ + "/log";
        const auto exported = sandbox_.chancery({"log", "export", copy});
        if (!exported) return exported.error();
        const std::vector<std::string> bundles = files_in(copy + "/tile/entries");
        if (exported->status != 0 || bundles.empty())
            return Error{Errc::unavailable, "the log cannot be exported:\n" + exported->errors};
        std::error_code error;
        const auto bytes = fs::file_size(bundles.front(), error);
        auto altered = AlteredFile::at({bundles.front(), bytes - 1}, sandbox_.tamper_note());
        if (!altered) return altered.error();
        return try_command(
            "an entry rewritten in an exported log", {"audit", "replay", copy}, status_alarm);
    }

    // What a quorum that lies would sign: with every key at hand, this program can.
    Result<void> write_two_histories() {
        auto client = NodeClient::to(sandbox_.url(), {std::chrono::seconds(5)});
        if (!client) return client.error();
        const auto honest = client->checkpoint();
        if (!honest) return honest.error();
        const auto shown = note::parse_checkpoint(*honest);
        if (!shown) return shown.error();
        note::Checkpoint lie = shown->checkpoint;
        lie.head.root.front() ^= 1;
        note::SignedNote forged{note::checkpoint_text(lie), {}};
        for (SandboxNode& node : sandbox_.nodes()) {
            const auto key = keystore::load_ed25519_key(
                {node.folder() + "/keys/cosigner.key", node.folder() + "/keys/passphrase"},
                keystore::Use::cosigner);
            if (!key) return key.error();
            forged.signatures.push_back(note::cosign(forged.text,
                                                     sandbox_.genesis().origin + "/" + node.slug(),
                                                     session_.clock.now_s(),
                                                     *key));
        }
        const credential::ForkEvidence evidence{
            .a = *honest, .b = note::to_text(forged), .beginning = std::nullopt};
        const auto path = write_copy("fork.json", json::pretty(to_json(evidence)));
        if (!path) return path.error();
        return try_command("two histories of one size, signed by every member",
                           {"audit", "evidence", *path},
                           status_alarm);
    }

    // Half way into what was written, which lies before what a power cut may have torn; and where a
    // turn of the journal lies, not the filler behind it.
    Result<void> alter_journal(SandboxNode& node) {
        std::vector<std::string> segments = files_in(node.data() + "/journal");
        // The one that is made in advance holds nothing yet.
        std::erase_if(segments, [](const std::string& name) { return name.ends_with("/next"); });
        if (segments.empty()) return Error{Errc::not_found, node.data() + ": has no journal"};
        const auto bytes = node::read_file(segments.back(), file_bytes_max);
        if (!bytes) return bytes.error();
        const std::size_t used = bytes->find_last_not_of('\0') + 1;
        return try_node(node,
                        "a byte of the stopped node's journal",
                        segments.back(),
                        used / 2 / turn_step * turn_step + turn_offset);
    }

    Result<void> alter_database(SandboxNode& node) {
        std::vector<std::string> tables = files_in(node.data() + "/ledger");
        std::erase_if(tables, [](const std::string& name) { return !name.ends_with(".sst"); });
        if (tables.empty()) return Error{Errc::not_found, node.data() + ": has no table yet"};
        const auto size = [](const std::string& path) {
            std::error_code error;
            return fs::file_size(path, error);
        };
        const auto largest = std::ranges::max_element(tables, {}, size);
        return try_node(node, "a byte of the stopped node's database", *largest, table_offset);
    }

    // The node must end with the alarm's status, at once or once it reads what was altered.
    Result<void> try_node(SandboxNode& node,
                          const std::string& change,
                          const std::string& path,
                          std::size_t offset) {
        auto altered = AlteredFile::at({path, offset}, sandbox_.tamper_note());
        if (!altered) return altered.error();
        const std::uint64_t diary_begin = node.diary_bytes();
        if (const auto started = sandbox_.start_node(node, Lifetime::ours); !started)
            return started.error();
        const auto deadline = std::chrono::steady_clock::now() + refusal_wait;
        while (!node.ended() && !is_interrupted() && std::chrono::steady_clock::now() < deadline)
            std::this_thread::sleep_for(poll_interval);
        const bool is_refused = node.ended() == status_alarm;
        node.stop();
        if (const auto restored = altered->restore(); !restored) return restored.error();
        show({change + " of " + node.slug(),
              "chanceryd run",
              why_in(node.diary_end(diary_begin)),
              is_refused});
        return {};
    }

    // The last "why" of diary lines.
    static std::string why_in(const std::string& diary) {
        std::string why = "refused to start";
        for (std::size_t begin = 0; begin < diary.size();) {
            const std::size_t end = std::min(diary.find('\n', begin), diary.size());
            const auto line = json::parse(diary.substr(begin, end - begin));
            const std::string_view told = line ? json::text_in(*line, "why") : std::string_view();
            if (!told.empty()) why = told;
            begin = end + 1;
        }
        return why;
    }

    Session& session_;
    Sandbox& sandbox_;
    std::string folder_;
    std::vector<Demonstration> shown_;
};

}  // namespace

Result<std::vector<Demonstration>> show_tampering(Session& session,
                                                  Sandbox& sandbox,
                                                  Lifetime lifetime) {
    Tampering tampering(session, sandbox);
    if (const auto done = tampering.alter_copies(); !done) return done.error();
    SandboxNode& last = sandbox.nodes().back();
    const auto done = tampering.alter_node(last);
    // Whatever came of it, the node is started again.
    if (const auto started = sandbox.start(lifetime); !started) return started.error();
    if (!done) return done.error();
    return tampering.take();
}

}  // namespace chancery::cli
