"""The screens: one folder for each place of the window. No screen knows another."""
