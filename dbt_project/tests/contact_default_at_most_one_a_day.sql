-- No date has two versions of a contact's defaults, which would double the lines of its documents.
select
    one.tenant_id,
    one.contact_id,
    one.version_number,
    other.version_number as other_version_number
from {{ ref('int_contact_defaults_dated') }} as one
inner join {{ ref('int_contact_defaults_dated') }} as other
    on
        one.tenant_id = other.tenant_id
        and one.contact_id = other.contact_id
        and one.version_number < other.version_number
        and one.in_force_after < other.in_force_to
        and one.in_force_to > other.in_force_after
where one.in_force_after < one.in_force_to and other.in_force_after < other.in_force_to
