"""What an upper union takes along: its units' forms as zip or workbook, and the whole material of a campaign (活动材料包)."""
