"""What the issues ask for, measured: see RESULTS.md."""
