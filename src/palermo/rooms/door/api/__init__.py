"""The JSON twin of the door: what anybody may read and do (`/api/door/public/…`), and what workers do."""

from ninja import Router

from palermo.rooms.door.api.public import router as public
from palermo.rooms.door.api.staff import router as staff

router = Router()
router.add_router("/public", public)
router.add_router("", staff)

__all__ = ["router"]
