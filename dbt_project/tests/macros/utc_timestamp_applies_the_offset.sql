with cases as (
    select
        forms.text,
        cast(forms.expected as timestamp) as expected
    from (
        values
        ('2026-10-31T20:00:00Z', '2026-10-31 20:00:00'),
        ('2026-11-01T09:00:00+13:00', '2026-10-31 20:00:00'),
        ('2026-11-01T09:00:00+1300', '2026-10-31 20:00:00'),
        ('2026-10-31T15:00:00.25-05:00', '2026-10-31 20:00:00.25'),
        ('2026-10-31T20:00:00.1234567+00:00', '2026-10-31 20:00:00.123456'),
        ('2026-10-31T20:00:00', '2026-10-31 20:00:00'),
        ('2026-10-31', '2026-10-31 00:00:00'),
        ('2026-02-30T20:00:00Z', null),
        ('yesterday', null),
        ('', null),
        (null, null)
    ) as forms (text, expected)
)

select
    text,
    expected,
    {{ utc_timestamp('text') }} as read
from cases
where {{ utc_timestamp('text') }} is distinct from expected
