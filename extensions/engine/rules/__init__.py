"""What several services know of machines, disks and hosts."""
