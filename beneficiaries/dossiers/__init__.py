"""What a dossier (建档) says and how it is read: particulars, history, masks, pages and queries."""
