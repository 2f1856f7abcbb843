"""The wall around the marks on notices."""

# The inner question is answered under the wall of the notices themselves: only one's own can be marked.
OWN_MARK = (
    "reader_id = (SELECT access_viewer()) AND EXISTS (SELECT 1 FROM access_notice n WHERE n.id = notice_id)"
)
