"""What the room keeps: the directory, places and admissions, needs and deliveries, yearly reviews."""

from palermo.rooms.services.models.directory import (
    AddressPurpose,
    AddressReveal,
    SealedAddress,
    Service,
    ServiceVersion,
    State,
)
from palermo.rooms.services.models.needs import Delivery, DeliveryState, Need, NeedState
from palermo.rooms.services.models.places import Admission, Places
from palermo.rooms.services.models.reviews import Finding, FindingState, Review

__all__ = [
    "AddressPurpose",
    "AddressReveal",
    "Admission",
    "Delivery",
    "DeliveryState",
    "Finding",
    "FindingState",
    "Need",
    "NeedState",
    "Places",
    "Review",
    "SealedAddress",
    "Service",
    "ServiceVersion",
    "State",
]
