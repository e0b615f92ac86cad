"""What Outlook writes in a form of its own, `.msg` files and `winmail.dat`, as a mail that others can read."""

from ingest.parse.outlook.msg import MAGIC, mail_of_msg
from ingest.parse.outlook.tnef import parts_of_tnef

__all__ = ["MAGIC", "mail_of_msg", "parts_of_tnef"]
