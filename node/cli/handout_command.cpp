// chancery handout: a folder for each learner, whose names and letter pass any mail program.
#include <algorithm>
#include <filesystem>
#include <set>

#include "crypto/base/ascii.h"
#include "crypto/json/canonical.h"
#include "crypto/json/members.h"
#include "node/cli/badge_facts.h"
#include "node/cli/commands.h"
#include "node/cli/credential_file.h"
#include "node/cli/profile_link.h"
#include "node/cli/session.h"
#include "node/local_file.h"

namespace chancery::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t folder_name_max = 64;

// What a mail program, an archive or another system may trip over becomes "-".
std::string safe_folder_name(const std::string& path) {
    const std::string stem = fs::path(std::string(stem_of(path))).filename().string();
    std::string name;
    for (const char c : stem.substr(0, folder_name_max)) {
        const bool is_plain = is_letter(c) || is_digit(c);
        if (is_plain || (!name.empty() && name.back() != '-')) name += is_plain ? c : '-';
    }
    while (name.ends_with('-'))
        name.pop_back();
    return name.empty() ? "badge" : name;
}

std::string text_in(const json::Object& facts, std::string_view group, std::string_view name) {
    const json::Value whole(facts);
    const json::Value* const part = group.empty() ? &whole : whole.find(group);
    return std::string(part == nullptr ? "" : json::text_in(*part, name));
}

// Lines of a document of our own: what stands in it must not begin new ones.
std::string on_one_line(std::string text) {
    std::ranges::replace_if(
        text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
    return text;
}

struct Handout {
    CredentialFile file;
    std::string name;  // "badge.json", "badge.jwt", "badge.sd-jwt"
    std::string folder;
    std::string picture;  // Bytes; empty: none.
    std::string picture_name;
};

std::string in_column(std::string name) {
    constexpr std::size_t width = 20;
    name.resize(std::max(width, name.size() + 1), ' ');
    return name;
}

// As it is handed over: a document with its receipt within, a signed text as it is.
Result<std::string> text_of(const CredentialFile& file, const credential::Receipt& receipt) {
    if (file.container.form == Form::compact) return file.container.text;
    json::Value document = file.document;
    if (const auto done = credential::embed(document, receipt); !done) return done.error();
    return json::pretty(document);
}

std::string name_of(const CredentialFile& file) {
    if (file.container.form == Form::json) return "badge.json";
    return file.container.text.find('~') == std::string::npos ? "badge.jwt" : "badge.sd-jwt";
}

std::string letter(const Handout& handout, const std::string& page) {
    const json::Object facts = badge_facts(handout.file.document);
    std::string text = on_one_line(text_in(facts, "", "name")) + "\n";
    const auto add = [&text](const std::string& label, const std::string& value) {
        if (!value.empty()) text += label + on_one_line(value) + "\n";
    };
    add("Issued to    ", text_in(facts, "recipient", "name"));
    add("Issued by    ", text_in(facts, "issuer", "name"));
    add("Valid from   ", text_in(facts, "dates", "valid_from"));
    add("Valid until  ", text_in(facts, "dates", "valid_until"));
    text += "\nIn this folder:\n  " + in_column(handout.name) +
            "your credential; keep it, and a copy\n";
    if (!handout.picture.empty())
        text += "  " + in_column(handout.picture_name) + "the same within a picture, to show\n";
    text +=
        "  badge.tlog-proof    proof of its registration; without it nobody can\n"
        "                      connect you with the registry's entry\n"
        "  badge.status.json   proof of its status, to verify without a network\n\n"
        "Anybody can verify it, for nothing and without asking us:\n"
        "  chancery verify " +
        handout.name + "\n";
    if (handout.name.ends_with(".sd-jwt"))
        text += "\nWhat it says of you, you may show in parts:\n  chancery present " +
                handout.name + " --list\n";
    if (!page.empty()) text += "or on " + on_one_line(page) + "\n";
    const auto link = linkedin_link(handout.file.document, page);
    if (link) text += "\nTo add it to a LinkedIn profile, open\n  " + *link + "\n";
    return text;
}

Result<void> copy_if_there(const std::string& from, const std::string& to, std::size_t bytes_max) {
    const auto text = node::read_file(from, bytes_max);
    if (!text && text.error().code == Errc::not_found) return {};
    if (!text) return text.error();
    return node::replace_file(to, *text, node::private_mode);
}

Result<void> write_handout(const Handout& handout, const std::string& page) {
    const auto receipt = receipt_of(handout.file);
    if (!receipt) return receipt.error();
    if (!*receipt) return Error{Errc::not_found, "has no receipt, so nobody could verify it"};
    const auto text = text_of(handout.file, **receipt);
    if (!text) return text.error();
    if (const auto made = node::make_directories(handout.folder, 0700); !made) return made.error();
    const std::string path = handout.folder + "/" + handout.name;
    const auto written = node::replace_file(path, *text, node::private_mode);
    if (!written) return written.error();
    if (const auto done = write_receipt(path, **receipt); !done) return done.error();
    const auto status = copy_if_there(
        status_path(handout.file.path), status_path(path), credential::status_proof_bytes_max);
    if (!status) return status.error();
    if (!handout.picture.empty()) {
        const auto picture = baked(handout.picture, *text);
        if (!picture) return picture.error();
        const auto put = node::replace_file(
            handout.folder + "/" + handout.picture_name, *picture, node::private_mode);
        if (!put) return put.error();
    }
    return node::replace_file(
        handout.folder + "/README.txt", letter(handout, page), node::private_mode);
}

// The picture's bytes and the name that it has in each folder.
Result<void> take_picture(const std::string& path, Handout& handout) {
    if (path.empty()) return {};
    auto bytes = node::read_file(path, container_bytes_max);
    if (!bytes) return bytes.error();
    const auto trial = baked(*bytes, "{}");
    if (!trial) return Error{Errc::invalid, path + ": " + trial.error().detail};
    handout.picture_name = bytes->starts_with("\x89PNG") ? "badge.png" : "badge.svg";
    handout.picture = *std::move(bytes);
    return {};
}

Result<Exit> hand_out(Session& session, const Invocation& call) {
    if (!call.has("out")) return Error{Errc::invalid, "--out is missing: where the folders go"};
    if (call.has("page") && !is_web_address(call.text("page")))
        return Error{Errc::invalid, "--page: want a web address"};
    const auto documents = find_credentials(call.arguments());
    if (!documents) return documents.error();
    Handout handout;
    if (const auto taken = take_picture(call.text("image"), handout); !taken) return taken.error();
    std::set<std::string> folders;
    json::Array made;
    json::Array failed;
    for (const std::string& path : *documents) {
        if (is_interrupted()) break;
        std::string name = safe_folder_name(path);
        for (std::size_t more = 2; folders.contains(name); ++more)
            name = safe_folder_name(path) + "-" + std::to_string(more);
        folders.insert(name);
        auto file = read_credential(path);
        Result<void> done = file ? Result<void>() : Result<void>(file.error());
        if (file) {
            handout.file = *std::move(file);
            handout.name = name_of(handout.file);
            handout.folder = call.text("out") + "/" + name;
            done = write_handout(handout, call.text("page"));
        }
        if (!done) {
            session.out.note("  " + path + ": " + done.error().detail);
            failed.push_back(json::Object{{"file", path}, {"message", done.error().detail}});
            continue;
        }
        made.push_back(json::Object{{"file", path}, {"folder", handout.folder}});
        session.out.progress(made.size(), documents->size());
    }
    session.out.end_progress();
    session.out.line(grouped(made.size()) + " folders, " + grouped(failed.size()) + " failed");
    const Exit exit = failed.empty() ? Exit::done : Exit::some_failed;
    session.out.document(json::Object{{"made", std::move(made)}, {"failed", std::move(failed)}});
    return exit;
}

}  // namespace

Command handout_command() {
    return {
        .name = "handout",
        .summary = "make a folder for each learner, ready to be mailed",
        .examples = {{"chancery handout issued/ --image badge.png --out mail/",
                      "badge, picture, proofs and a letter in each"}},
        .arguments = {{.name = "PATH",
                       .help = "issued credentials, and folders of them",
                       .is_repeated = true}},
        .options = {{"out", ValueKind::path, "DIR", "where the folders go"},
                    {"image", ValueKind::path, "FILE", "a PNG or SVG that each is baked into"},
                    {"page", ValueKind::text, "URL", "where it can be verified, for the letter"}},
        .run = hand_out};
}

}  // namespace chancery::cli
