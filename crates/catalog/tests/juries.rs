//! The juries of the shipped certifications: who may sit, read off each source's own text.

use catalog::find;
use domain::certification::{Certification, RouteKind};
use domain::decision::{quorum::check_quorum, tally::has_casting_vote};
use domain::jury::composition::{CompositionRule, RuleCheck};
use domain::jury::opening::{Basis, Obstacle, OpeningCheck, SessionPlan, check_opening};
use domain::jury::session::MemberProfile;
use domain::jury::{Attendance, Candidate, Employment, JuryMember};
use domain::person::User;

fn certification(code: &str) -> &'static Certification {
    &find(code).expect("the certification is shipped").certification
}

/// A voting member of whom nothing else is true.
fn member(id: u128) -> JuryMember {
    let person = User {
        id: uuid(1_000 + id),
        email: format!("membre{id}@jury.test"),
        given_name: "Membre".to_owned(),
        family_name: id.to_string(),
    };
    let profile = MemberProfile { voting: true, ..MemberProfile::default() };
    JuryMember { attendance: Attendance::Accepted, ..profile.member(uuid(id), &person) }
}

fn uuid(id: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(id)
}

fn candidate() -> Candidate {
    Candidate {
        id: uuid(100),
        student: uuid(2_100),
        name: "Candidate".to_owned(),
        has_dossier: true,
        companies: vec!["Acme".to_owned()],
        tutors: vec![uuid(2_001)],
        trainers: vec![uuid(2_002)],
        links: Vec::new(),
    }
}

fn open(code: &str, route: RouteKind, members: &[JuryMember]) -> OpeningCheck {
    check_opening(&SessionPlan {
        certification: certification(code),
        route,
        members,
        candidates: &[candidate()],
        statement: "",
    })
}

fn unmet(check: &OpeningCheck) -> Vec<CompositionRule> {
    let unmet = check.rules.iter().filter(|check| !check.met);
    unmet.map(|check| check.rule.clone()).collect()
}

/// The same jury with one member changed.
fn changed(
    members: &[JuryMember],
    number: usize,
    change: impl FnOnce(&mut JuryMember),
) -> Vec<JuryMember> {
    let mut members = members.to_vec();
    change(&mut members[number - 1]);
    members
}

/// RNCP21947: the chair and three professionals, two of them employers and two employees, and the
/// certifier's member.
fn efficom() -> Vec<JuryMember> {
    let professional = |id, employment| JuryMember {
        professional: true,
        external: true,
        employment: Some(employment),
        ..member(id)
    };
    vec![
        JuryMember { chair: true, ..professional(1, Employment::Employer) },
        professional(2, Employment::Employer),
        professional(3, Employment::Employee),
        professional(4, Employment::Employee),
        JuryMember { represents_certifier: true, ..member(5) },
    ]
}

#[test]
fn rncp21947_seats_a_chair_three_professionals_and_the_certifier() {
    use CompositionRule::{
        CertifierRepresentatives, Chair, Employees, Employers, OtherProfessionals,
        ProfessionalVotingChair, Size,
    };
    let jury = efficom();
    let complete = open("RNCP21947", RouteKind::Student, &jury);
    assert!(complete.complies(), "{complete:?}");
    let listed: Vec<CompositionRule> =
        complete.rules.iter().map(|check| check.rule.clone()).collect();
    assert_eq!(
        listed,
        [
            Size { need: 5, have: 5 },
            ProfessionalVotingChair,
            OtherProfessionals { need: 3, have: 3 },
            CertifierRepresentatives { need: 1, have: 1 },
            Employers { need: 2, have: 2 },
            Employees { need: 2, have: 2 },
            Chair { have: 1 },
            CompositionRule::DefenceProfessionals { need: 2, have: 4 },
        ],
        "every rule is listed with its figures, met or not"
    );

    for (jury, expected) in [
        // The chair is not one of the three.
        (
            changed(&jury, 2, |one| one.professional = false),
            vec![OtherProfessionals { need: 3, have: 2 }, Employers { need: 2, have: 1 }],
        ),
        (changed(&jury, 1, |one| one.voting = false), vec![ProfessionalVotingChair]),
        (
            changed(&jury, 1, |one| one.professional = false),
            vec![ProfessionalVotingChair, Employers { need: 2, have: 1 }],
        ),
        // The certifier's member does not chair, even a professional one.
        (
            changed(&changed(&jury, 1, |one| one.chair = false), 5, |one| {
                one.chair = true;
                one.professional = true;
            }),
            vec![ProfessionalVotingChair],
        ),
        // Nor is it one of the two employees.
        (
            changed(&changed(&jury, 4, |one| one.employment = None), 5, |one| {
                one.employment = Some(Employment::Employee);
                one.professional = true;
            }),
            vec![Employees { need: 2, have: 1 }],
        ),
        (
            changed(&jury, 5, |one| one.represents_certifier = false),
            vec![CertifierRepresentatives { need: 1, have: 0 }],
        ),
        (
            changed(&jury, 4, |one| one.attendance = Attendance::Declined),
            vec![
                Size { need: 5, have: 4 },
                OtherProfessionals { need: 3, have: 2 },
                Employees { need: 2, have: 1 },
            ],
        ),
        ([jury.clone(), vec![member(6)]].concat(), vec![Size { need: 5, have: 6 }]),
        (changed(&jury, 2, |one| one.chair = true), {
            vec![
                ProfessionalVotingChair,
                OtherProfessionals { need: 3, have: 2 },
                Chair { have: 2 },
            ]
        }),
    ] {
        let check = open("RNCP21947", RouteKind::Student, &jury);
        assert_eq!(unmet(&check), expected);
        assert!(!check.complies());
    }
}

/// RNCP38822: three external professionals, an employer and an employee among them, and two
/// representatives; the third professional chairs.
fn ingetis() -> Vec<JuryMember> {
    let professional = |id, employment| JuryMember {
        external: true,
        professional: true,
        employment,
        experience_years: Some(3),
        qualification_level: Some(7),
        ..member(id)
    };
    vec![
        professional(1, Some(Employment::Employer)),
        professional(2, Some(Employment::Employee)),
        JuryMember { chair: true, ..professional(3, None) },
        JuryMember { represents_certifier: true, ..member(4) },
        JuryMember { represents_certifier: true, ..member(5) },
    ]
}

#[test]
fn rncp38822_seats_three_external_professionals_of_five() {
    use CompositionRule::{
        CertifierRepresentatives, Employees, Experience, External, ExternalShare, NoTrainer,
        Professionals, Qualification, Size,
    };
    let jury = ingetis();
    let complete = open("RNCP38822", RouteKind::Apprenticeship, &jury);
    assert!(complete.complies(), "{complete:?}");
    let listed: Vec<CompositionRule> =
        complete.rules.iter().map(|check| check.rule.clone()).collect();
    assert_eq!(
        listed,
        [
            Size { need: 5, have: 5 },
            Professionals { need: 3, have: 3 },
            CertifierRepresentatives { need: 2, have: 2 },
            External { need: 3, have: 3 },
            ExternalShare { percent: 60, have: 3, of: 5 },
            CompositionRule::Employers { need: 1, have: 1 },
            Employees { need: 1, have: 1 },
            Experience { years: 3, have: 3, of: 3 },
            Qualification { level: 7, have: 3, of: 3 },
            NoTrainer { have: 0 },
            CompositionRule::Chair { have: 1 },
            CompositionRule::DefenceProfessionals { need: 2, have: 3 },
        ]
    );

    for (jury, expected) in [
        (
            changed(&jury, 3, |one| one.external = false),
            vec![External { need: 3, have: 2 }, ExternalShare { percent: 60, have: 2, of: 5 }],
        ),
        (
            changed(&jury, 2, |one| one.employment = Some(Employment::Employer)),
            vec![Employees { need: 1, have: 0 }],
        ),
        (
            changed(&jury, 1, |one| one.experience_years = Some(2)),
            vec![Experience { years: 3, have: 2, of: 3 }],
        ),
        (
            changed(&jury, 1, |one| one.qualification_level = None),
            vec![Qualification { level: 7, have: 2, of: 3 }],
        ),
        (changed(&jury, 4, |one| one.person = Some(uuid(2_002))), vec![NoTrainer { have: 1 }]),
        (
            changed(&jury, 5, |one| one.attendance = Attendance::Absent),
            vec![Size { need: 5, have: 4 }, CertifierRepresentatives { need: 2, have: 1 }],
        ),
        // 4 of 7 is 57 %, and seven are not five.
        (
            [jury.clone(), vec![JuryMember { external: true, ..member(6) }, member(7)]].concat(),
            vec![Size { need: 5, have: 7 }, ExternalShare { percent: 60, have: 4, of: 7 }],
        ),
    ] {
        let check = open("RNCP38822", RouteKind::Apprenticeship, &jury);
        assert_eq!(unmet(&check), expected);
        assert!(!check.complies());
    }
}

#[test]
fn rncp38822_excludes_whoever_knows_the_candidate() {
    for change in [
        (|one: &mut JuryMember| one.person = Some(uuid(2_001))) as fn(&mut JuryMember),
        |one| one.company = Some("ACME SAS".to_owned()),
        |one| one.person = Some(uuid(2_002)),
    ] {
        let check = open("RNCP38822", RouteKind::Student, &changed(&ingetis(), 1, change));
        assert!(!check.complies());
        assert!(check.candidates[0].conflicts[0].stands(), "{check:?}");
    }
    // Five are asked for: nobody can leave the room.
    let leaving = changed(&ingetis(), 1, |one| {
        one.company = Some("Acme".to_owned());
        one.recused_from = vec![candidate().id];
    });
    let check = open("RNCP38822", RouteKind::Student, &leaving);
    let without: Vec<&RuleCheck> =
        check.candidates[0].rules.iter().filter(|check| !check.met).collect();
    assert_eq!(without[0].rule, CompositionRule::Size { need: 5, have: 4 });
    assert!(!check.complies());
}

/// One member per seat of the route, the first of them in the chair.
fn seated(route: RouteKind) -> Vec<JuryMember> {
    let seats = certification("RNCP42008")
        .route(route)
        .and_then(|route| route.jury.clone())
        .expect("seats");
    (1..)
        .zip(seats.seats)
        .map(|(id, seat)| JuryMember { seat: Some(seat), chair: id == 1, ..member(id) })
        .collect()
}

#[test]
fn rncp42008_seats_functions_by_route() {
    for route in [
        RouteKind::Student,
        RouteKind::Apprenticeship,
        RouteKind::Continuing,
        RouteKind::Professionalisation,
    ] {
        let jury = seated(route);
        assert_eq!(jury.len(), 3);
        assert!(open("RNCP42008", route, &jury).complies(), "{route:?}");
        let several = [jury.clone(), vec![JuryMember { seat: jury[2].seat.clone(), ..member(9) }]];
        assert!(open("RNCP42008", route, &several.concat()).complies(), "several heads of studies");
        let vacant = open("RNCP42008", route, &changed(&jury, 2, |one| one.seat = None));
        let seat = "directeur adjoint en charge des études".to_owned();
        assert_eq!(unmet(&vacant), [CompositionRule::Seat { seat, have: 0 }]);
    }
    // The heads of the other status do not replace one another.
    let students = open("RNCP42008", RouteKind::Apprenticeship, &seated(RouteKind::Student));
    assert_eq!(unmet(&students).len(), 1);
    // Its own people train the candidates: it is told, and does not exclude.
    let trained = changed(&seated(RouteKind::Student), 3, |one| one.person = Some(uuid(2_002)));
    let check = open("RNCP42008", RouteKind::Student, &trained);
    assert!(check.complies() && check.candidates[0].conflicts.len() == 1, "{check:?}");
    let closed = open("RNCP42008", RouteKind::Individual, &seated(RouteKind::Student));
    assert!(closed.obstacles.contains(&Obstacle::ClosedRoute) && !closed.complies());
}

#[test]
fn rncp42008_adds_experts_for_vae() {
    use CompositionRule::{Experts, ProfessionalExperts, TeachingExperts};
    let expert = |id, teaches_speciality, professional| JuryMember {
        expert: true,
        teaches_speciality,
        professional,
        ..member(id)
    };
    let seats = seated(RouteKind::Experience);
    assert_eq!(seats.len(), 4);
    for (experts, expected) in [
        (vec![expert(11, true, false), expert(12, true, false), expert(13, false, true)], vec![]),
        (
            vec![expert(11, true, false), expert(12, false, true)],
            vec![Experts { need: 3, have: 2 }, TeachingExperts { have: 1, of: 2 }],
        ),
        (
            vec![expert(11, true, false), expert(12, true, false), expert(13, true, false)],
            vec![ProfessionalExperts { need: 1, have: 0 }],
        ),
        (
            vec![expert(11, true, false), expert(12, false, false), expert(13, false, true)],
            vec![TeachingExperts { have: 1, of: 3 }],
        ),
        // Two of four is no majority.
        (
            vec![
                expert(11, true, false),
                expert(12, true, false),
                expert(13, false, true),
                expert(14, false, true),
            ],
            vec![TeachingExperts { have: 2, of: 4 }],
        ),
    ] {
        let check = open("RNCP42008", RouteKind::Experience, &[seats.clone(), experts].concat());
        assert_eq!(unmet(&check), expected);
        assert_eq!(check.complies(), expected.is_empty());
        let law = CompositionRule::LegalSize { need: 2, have: 4 };
        assert!(check.rules.iter().any(|one| {
            std::mem::discriminant(&one.rule) == std::mem::discriminant(&law) && one.met
        }));
    }
    // For VAE, having trained the candidate excludes.
    let trained = changed(&seats, 4, |one| one.person = Some(uuid(2_002)));
    let check = open("RNCP42008", RouteKind::Experience, &trained);
    assert!(check.candidates[0].conflicts[0].stands());
}

#[test]
fn sysnum_states_no_jury_so_the_manager_does() {
    let jury = changed(&[member(1), member(2)], 1, |one| one.chair = true);
    let sysnum = certification("SYSNUM");
    let unstated = open("SYSNUM", RouteKind::Student, &jury);
    assert_eq!(unstated.basis, Basis::Nothing);
    assert_eq!(unstated.obstacles, [Obstacle::NoStatement]);
    for (route, complies) in [(RouteKind::Student, true), (RouteKind::Experience, false)] {
        let check = check_opening(&SessionPlan {
            certification: sysnum,
            route,
            members: &jury,
            candidates: &[candidate()],
            statement: "Règlement des études, article 12",
        });
        assert_eq!(check.complies(), complies, "{route:?}: nobody is qualified");
    }
}

#[test]
fn rncp37579_is_a_draft_and_opens_no_session() {
    let check = open("RNCP37579", RouteKind::Student, &efficom());
    assert_eq!(check.obstacles, [Obstacle::Draft, Obstacle::NoBlock, Obstacle::NoStatement]);
    assert!(!check.complies());
}

#[test]
fn no_source_lets_fewer_decide_or_the_chair_outweigh() {
    for (code, jury) in [("RNCP21947", efficom()), ("RNCP38822", ingetis())] {
        let certification = certification(code);
        assert!(!has_casting_vote(certification, RouteKind::Student));
        assert!(has_casting_vote(certification, RouteKind::Experience), "by law");
        for absent in 0..2 {
            let jury: Vec<JuryMember> = (0..)
                .zip(&jury)
                .map(|(index, one)| {
                    let attendance =
                        if index < absent { Attendance::Absent } else { Attendance::Present };
                    JuryMember { attendance, ..one.clone() }
                })
                .collect();
            let checks = check_quorum(certification, RouteKind::Student, &jury, candidate().id);
            assert_eq!(checks.iter().all(|check| check.met), absent == 0, "{code}");
        }
    }
}
