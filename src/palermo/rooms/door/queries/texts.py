"""What the door tells everybody, in plain words: rights, what happens, safety. The pages and the API read it here.

From the Council of Europe Convention on Action against Trafficking in Human Beings (articles 4, 10, 12 to 16, 26), the
Palermo Protocol (articles 3, 6 to 8) and the Protocol against the Smuggling of Migrants (articles 5 and 16); the words
are ours.
"""

from django.utils.translation import gettext_lazy as _

DANGER = _("In danger now? Call the emergency number of the country you are in.")
NEVER = _(
    "Nobody may force you, trick you or use your need to make you work, sell sex, beg, steal, "
    "marry or give a part of your body. If it was done to you, what you agreed to does not "
    "matter."
)
RIGHTS = (
    _("You have a right to a safe place, to food and to medical help."),
    _("You get help whether or not you speak to the police or go to court."),
    _("You have a right to an interpreter and to be told your rights in a language you understand."),
    _(
        "If there is reason to believe that this was done to you, you have time to recover and to "
        "think, at least thirty days. You may not be sent out of the country in that time."
    ),
    _("What you tell is kept secret. You decide who is told."),
    _("You have a right to a lawyer, and to ask for pay that was kept from you and for compensation."),
    _("You should not be punished for what you were forced to do."),
    _(
        "If you are under 18 you have a right to special protection and to a guardian. If your age is"
        " not sure, you are treated as a child first."
    ),
    _("If you want to go home, it must be safe, and it should be your own wish."),
    _("You can ask for asylum."),
    _(
        "If somebody brought you across a border for money, you should not be punished for having "
        "been brought, and your life and dignity are protected too."
    ),
)
RIGHTS_FROM = _(
    "From the Council of Europe Convention on Action against Trafficking in Human Beings "
    "(articles 4, 10, 12 to 16, 26), the Palermo Protocol (articles 3, 6 to 8), the Protocol "
    "against the Smuggling of Migrants (articles 5 and 16). The words are ours; the law of your "
    "country says how."
)
STEPS = (
    _("You say here what help you need. You need not say who you are."),
    _("You choose who reads it. Only people who help at that organisation can read it, not the police."),
    _("You get a code. Remember it or write it where nobody looks. With it you read the answer here."),
    _("Somebody answers, usually within a day. They may ask questions. You need not answer them."),
    _("You decide what happens next: to talk, to meet, to be taken to a safe place, or nothing."),
    _("You can erase everything at any time. After 30 days of silence it is erased by itself."),
)
STEPS_NOTE = _("Asking for help here does not change your papers, and nobody is told that you asked.")
SAFETY = (
    _(
        "If somebody else looks at this telephone or computer, use one that they do not know: of a "
        "friend, a library, a doctor."
    ),
    _(
        "“Leave now” at the top of each page takes you to another site at once. Pressing the Shift "
        "key three times does the same."
    ),
    _(
        "These pages leave no cookie and ask not to be kept. The browser may still remember the "
        "address. Open a private window, or remove this page from the history."
    ),
    _("Do not take a picture of your code. Learn it, or write it down among other numbers."),
    _("Give a telephone number only if nobody else answers it or reads its messages."),
    _(
        "Some people put a program on a telephone to watch it. Then what you write here is seen as "
        "well. Call from another telephone."
    ),
    _("We do not write down where you are or which device you use."),
)
