// chanceryd: one node of a registry network. Parses the command line and runs one command.

#include "node/daemon/commands.h"

int main(int argc, char** argv) { return chancery::daemon::run_command(argc, argv); }
