"""WorkGuru, jobs, purchases and stock: what is read of it, and how."""
