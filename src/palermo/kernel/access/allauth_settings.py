"""How people sign in: settings of django-allauth, beside the code they steer. Read by palermo.settings.

Accounts are made by administrators; nobody signs up. A password alone opens nothing: a passkey or an
authenticator code comes with it (`second_factor.py`). Limits are counted in the database, so that all workers
share them (`counters.py`).
"""

import os

_ORIGIN = os.environ.get("PALERMO_ORIGIN", "")

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "palermo.kernel.access.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
# At most ten guesses an hour are looked at for one account, whatever the number of addresses (OWASP ASVS 5.0
# 6.3.1); the owner still enters with a passkey, which is not counted by account.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "60/h/ip,10/h/key",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
}
# Behind TLS there is a proxy that says whose address it is; on one's own machine there is none.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("PALERMO_PROXIES", "1" if _ORIGIN else "0"))

MFA_ADAPTER = "palermo.kernel.access.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_REAUTHENTICATION_REQUIRED = True
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
# Browsers allow passkeys on http://localhost, for trying palermo out; elsewhere only behind TLS.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _ORIGIN
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "palermo"
# One step of 30 s either way, for clocks that differ; a used code is remembered for longer than it is valid.
MFA_TOTP_TOLERANCE = 1
ACCOUNT_FORMS = {"change_password": "palermo.kernel.access.forms.ChangePasswordForm"}
MFA_FORMS = {"add_webauthn": "palermo.kernel.access.forms.AddPasskeyForm"}

# A link to set a password is good for one day and for one use.
PASSWORD_RESET_TIMEOUT = 24 * 3600

CACHES = {"default": {"BACKEND": "palermo.kernel.access.counters.DatabaseCounters"}}
