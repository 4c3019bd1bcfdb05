// Any changes to the files of an exported log: a replay that finds nothing has seen the log that
// its members sealed. Each change: what is done, to which file, at which byte, with which value.
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <unistd.h>

#include "node/audit/folder_source.h"
#include "node/audit/replay.h"
#include "tests/support/audited_log.h"

using namespace chancery;

namespace {

namespace fs = std::filesystem;
using test::LogFiles;

constexpr int changes_max = 8;

// The log in a folder, of which single files are changed and put back.
class Exported {
public:
    Exported() {
        audit::fill(log_);
        std::string place = (fs::temp_directory_path() / "chancery-replay-XXXXXX").string();
        CHECK(::mkdtemp(place.data()) != nullptr);
        folder_ = place;
        files_ = test::export_log(log_.genesis(), log_.entries());
        for (const auto& [name, bytes] : files_) {
            fs::create_directories((folder_ / name).parent_path());
            write(name, bytes);
        }
    }
    ~Exported() { fs::remove_all(folder_); }

    const LogFiles& files() const { return files_; }
    const test::HonestLog& log() const { return log_; }
    const fs::path& folder() const { return folder_; }

    void show(const LogFiles& changed) const {
        for (const auto& [name, bytes] : changed)
            if (!files_.contains(name) || files_.at(name) != bytes) write(name, bytes);
        for (const auto& [name, bytes] : files_)
            if (!changed.contains(name)) fs::remove(folder_ / name);
    }
    void put_back(const LogFiles& changed) const {
        for (const auto& [name, bytes] : changed)
            if (!files_.contains(name)) fs::remove(folder_ / name);
        for (const auto& [name, bytes] : files_)
            if (!changed.contains(name) || changed.at(name) != bytes) write(name, bytes);
    }

private:
    void write(const std::string& name, const Bytes& bytes) const {
        std::ofstream file(folder_ / name, std::ios::binary | std::ios::trunc);
        file << text_of(bytes);
        file.flush();
        CHECK(file.good());
    }

    test::HonestLog log_{4};
    LogFiles files_;
    fs::path folder_;
};

// A partial tile under the name of the full one, which a reader cuts.
std::string full_name(const std::string& name) { return name.substr(0, name.find(".p/")); }

void change(LogFiles& files, Reader& in) {
    const std::uint8_t what = in.u8();
    auto file = std::next(files.begin(), in.u8() % static_cast<std::ptrdiff_t>(files.size()));
    const std::uint16_t at = in.u16();
    const std::uint8_t value = in.u8();
    Bytes& bytes = file->second;
    switch (what % 6) {
        case 0:
            if (!bytes.empty()) bytes[at % bytes.size()] ^= value;
            return;
        case 1:
            bytes.resize(bytes.size() - std::min<std::size_t>(bytes.size(), at));
            return;
        case 2:
            bytes.insert(bytes.end(), at % 600, value);
            return;
        case 3:
            if (files.size() > 1) files.erase(file);
            return;
        case 4: {
            const ByteView rest = in.bytes(std::min<std::size_t>(at, in.rest().size()));
            bytes.assign(rest.begin(), rest.end());
            return;
        }
        default: {
            const std::string full = full_name(file->first);
            if (full == file->first) return;
            Bytes longer = bytes;
            longer.insert(longer.end(), at % 600, value);
            files.erase(file);
            files[full] = std::move(longer);
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Exported exported;
    LogFiles files = exported.files();
    Reader in({data, size});
    for (int i = 0; i < changes_max && !in.rest().empty(); ++i)
        change(files, in);
    exported.show(files);
    audit::FolderSource source(exported.folder());
    audit::ReplayOptions options;
    options.network_id = ledger::network_id(exported.log().genesis());
    const auto report = audit::replay(source, options);
    exported.put_back(files);
    if (!report || report->finding) return 0;
    CHECK(report->checkpoint.head == exported.log().state().head());
    CHECK(report->state.head() == exported.log().state().head());
    CHECK(report->cosigners >= exported.log().genesis().quorum);
    return 0;
}
