// chancery badge: credentials as pictures and links, for people to hand around.
#include "crypto/base/encoding.h"
#include "crypto/json/canonical.h"
#include "node/cli/commands.h"
#include "node/cli/credential_file.h"
#include "node/cli/profile_link.h"
#include "node/cli/qr_code.h"
#include "node/cli/session.h"
#include "node/local_file.h"

namespace chancery::cli {
namespace {

constexpr std::size_t qr_pixels = 8;

// With the receipt that lies beside it inside, so that the picture stands alone.
Result<std::string> text_to_bake(Session& session, const CredentialFile& file) {
    const auto receipt = receipt_of(file);
    if (!receipt) return receipt.error();
    const auto embedded = credential::receipts_in(file.document);
    if (!embedded) return Error{Errc::invalid, file.path + ": " + embedded.error().detail};
    if (!*receipt && embedded->empty())
        session.out.note("without a receipt: verify will ask for it");
    if (*receipt && file.container.form == Form::compact)
        session.out.note("the receipt stays outside: keep " + receipt_path(file.path));
    const bool is_whole = !embedded->empty() || file.container.form == Form::compact;
    if (!*receipt || is_whole) return file.container.text;
    json::Value document = file.document;
    if (const auto done = credential::embed(document, **receipt); !done) return done.error();
    return json::pretty(document);
}

Result<Exit> bake(Session& session, const Invocation& call) {
    for (const std::string_view name : {"image", "out"})
        if (!call.has(name))
            return Error{Errc::invalid, "--" + std::string(name) + " is missing: a picture's file"};
    const auto file = read_credential(call.argument(0));
    if (!file) return file.error();
    const auto image = node::read_file(call.text("image"), container_bytes_max);
    if (!image) return image.error();
    const auto text = text_to_bake(session, *file);
    if (!text) return text.error();
    const auto made = baked(*image, *text);
    if (!made) return Error{Errc::invalid, call.text("image") + ": " + made.error().detail};
    const auto written = node::replace_file(call.text("out"), *made, node::private_mode);
    if (!written) return written.error();
    session.out.line(call.text("out"));
    session.out.document(json::Object{{"file", call.text("out")}, {"bytes", made->size()}});
    return Exit::done;
}

Result<Exit> extract(Session& session, const Invocation& call) {
    const auto file = read_credential(call.argument(0));
    if (!file) return file.error();
    const std::string& text = file->container.text;
    json::Object about{{"container", name_of(file->container.carrier)}};
    if (call.has("out")) {
        const auto written = node::replace_file(call.text("out"), text, node::private_mode);
        if (!written) return written.error();
        session.out.line(call.text("out"));
        about.push_back({"file", call.text("out")});
    } else {
        session.out.line(text.ends_with('\n') ? text.substr(0, text.size() - 1) : text);
        about.push_back({"credential", text});
    }
    session.out.document(std::move(about));
    return Exit::done;
}

// An address as it is, or the one that a credential goes by.
Result<std::string> address_of(const std::string& named) {
    if (is_web_address(named)) return named;
    const auto file = read_credential(named);
    if (!file) return file.error();
    std::string address = web_address_of(file->document);
    if (address.empty())
        return Error{Errc::invalid, named + ": its id is no web address; name the URL instead"};
    return address;
}

Result<Exit> qr(Session& session, const Invocation& call) {
    const std::string out = call.text("out");
    if (!out.empty() && !out.ends_with(".svg") && !out.ends_with(".png"))
        return Error{Errc::invalid, "--out: want a name that ends in .svg or .png"};
    const auto address = address_of(call.argument(0));
    if (!address) return address.error();
    const auto squares = qr_code(*address);
    if (!squares) return squares.error();
    json::Object about{{"address", *address}};
    if (out.empty()) {
        std::string blocks = blocks_of(*squares);
        blocks.pop_back();
        session.out.line(blocks);
        about.push_back({"svg", svg_of(*squares)});
    } else {
        const std::string picture =
            out.ends_with(".svg") ? svg_of(*squares) : image::png_of(*squares, qr_pixels);
        const auto written = node::replace_file(out, picture, node::public_mode);
        if (!written) return written.error();
        session.out.line(out);
        about.push_back({"file", out});
    }
    session.out.document(std::move(about));
    return Exit::done;
}

Result<Exit> link(Session& session, const Invocation& call) {
    const auto file = read_credential(call.argument(0));
    if (!file) return file.error();
    const std::string url = call.text("url");
    if (!url.empty() && !is_web_address(url))
        return Error{Errc::invalid, "--url: want a web address, as in https://uni-a.example/ana"};
    const auto made = linkedin_link(file->document, url);
    if (!made) return Error{Errc::invalid, call.argument(0) + ": " + made.error().detail};
    session.out.line(*made);
    session.out.document(json::Object{{"link", *made}});
    return Exit::done;
}

Command bake_command() {
    return {.name = "bake",
            .summary = "put a credential into a PNG or SVG image",
            .examples = {{"chancery badge bake ana.json --image badge.png --out ana.png",
                          "verify takes ana.png like ana.json"}},
            .arguments = {{.name = "FILE", .help = "the credential; - is stdin"}},
            .options = {{"image", ValueKind::path, "FILE", "the picture, PNG or SVG by content"},
                        {"out", ValueKind::path, "FILE", "where the picture with it goes"}},
            .run = bake};
}

Command extract_command() {
    return {.name = "extract",
            .summary = "take the credential out of an image",
            .examples = {{"chancery badge extract ana.png --out ana.json", ""}},
            .arguments = {{.name = "FILE", .help = "PNG or SVG; - is stdin"}},
            .options = {{"out", ValueKind::path, "FILE", "where it goes, if not to stdout"}},
            .run = extract};
}

Command qr_command() {
    return {.name = "qr",
            .summary = "draw the QR code of a credential's web address",
            .examples = {{"chancery badge qr https://uni-a.example/badges/ana", "on the terminal"},
                         {"chancery badge qr ana.json --out ana-qr.svg", "its id, as a picture"}},
            .arguments = {{.name = "TARGET", .help = "a URL, or a credential whose id is one"}},
            .options = {{"out", ValueKind::path, "FILE", "an .svg or .png to make"}},
            .run = qr};
}

Command link_command() {
    return {.name = "link",
            .summary = "print the link that adds a credential to a LinkedIn profile",
            .examples = {{"chancery badge link ana.json --url https://uni-a.example/badges/ana",
                          "open it in a browser"}},
            .arguments = {{.name = "FILE", .help = "the credential; - is stdin"}},
            .options = {{"url", ValueKind::text, "URL", "where it can be seen, if not at its id"}},
            .run = link};
}

}  // namespace

Command badge_command() {
    return {.name = "badge",
            .summary = "bake credentials into images, draw QR codes, make links",
            .children = {bake_command(), extract_command(), qr_command(), link_command()}};
}

}  // namespace chancery::cli
