// Every command of the program, each made in the file of its name.
#pragma once

#include "node/cli/command.h"

namespace chancery::cli {

Command anchor_command();
Command audit_command();
Command badge_command();
Command compare_command();    // Of network.
Command did_check_command();  // Of network.
Command doctor_command();
Command genesis_command();  // Of network.
Command handout_command();
Command help_command();
Command issue_command();
Command key_acts_command();  // Of key.
Command key_add_command();   // Of key.
Command key_command();
Command key_end_command();     // Of key.
Command key_list_command();    // Of key.
Command key_reseal_command();  // Of key.
Command key_rotate_command();  // Of key.
Command lint_command();
Command log_command();
Command network_command();
Command pathway_command();
Command pathway_cascade_command();  // Of pathway, as the next.
Command pathway_publish_command();
Command present_command();
Command proof_command();
Command reinstate_command();
Command renew_command();
Command revoke_command();
Command sandbox_command();
Command stack_command();
Command status_list_command();
Command suspend_command();
Command verify_command();
Command version_command();

}  // namespace chancery::cli
