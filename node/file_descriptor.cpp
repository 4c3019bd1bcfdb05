#include "node/file_descriptor.h"

#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace chancery::node {
namespace {

Errc code_of(int error) {
    if (error == ENOENT || error == ENOTDIR) return Errc::not_found;
    if (error == EEXIST) return Errc::conflict;
    if (error == EACCES || error == EPERM) return Errc::forbidden;
    return Errc::io;
}

}  // namespace

FileDescriptor::~FileDescriptor() {
    if (number_ >= 0) ::close(number_);
}

Error failed(const std::string& path, int error) {
    return {code_of(error), path + ": " + std::generic_category().message(error)};
}

Result<void> write_all(const FileDescriptor& file,
                       const std::string& path,
                       std::string_view content) {
    while (!content.empty()) {
        const ssize_t put = ::write(file.number(), content.data(), content.size());
        if (put < 0 && errno != EINTR) return failed(path, errno);
        if (put > 0) content.remove_prefix(static_cast<std::size_t>(put));
    }
    return {};
}

std::string directory_of(const std::string& path) {
    const std::string directory = std::filesystem::path(path).parent_path().string();
    return directory.empty() ? "." : directory;
}

FileDescriptor open_directory(const std::string& directory) {
    return FileDescriptor(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

Result<void> sync_directory(const std::string& directory) {
    const FileDescriptor opened = open_directory(directory);
    if (!opened.is_open()) return failed(directory, errno);
    if (::fsync(opened.number()) != 0) return failed(directory, errno);
    return {};
}

}  // namespace chancery::node
