/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.james.core.MailAddress;
import org.apache.james.queue.api.MailQueue;
import org.jamesoutgoing.delivery.Lane.Standing;
import org.jamesoutgoing.notify.Notifier;
import org.jamesoutgoing.queue.MailSplit;
import org.jamesoutgoing.queue.MailState;
import org.jamesoutgoing.queue.PostponedNotification;
import org.jamesoutgoing.queue.QueueLedger;
import org.jamesoutgoing.queue.QueueState;
import org.jamesoutgoing.queue.ListedMail;
import org.jamesoutgoing.queue.WaitingRoom;
import org.jamesoutgoing.routing.NextHop;
import org.jamesoutgoing.routing.Resolution;
import org.jamesoutgoing.routing.RouteResolver;
import org.jamesoutgoing.routing.RoutingTable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the active set filled and every mail in it moving: takes mail from the queue and the waiting room, finds its next
 * hop, puts it into that lane, starts what may start, and has written down what came back.
 *
 * <p>Its fields belong to the loop's one thread; other threads only hand it something to do. Nothing that may block runs
 * there.
 */
public final class Dispatcher {

    private static final Logger LOGGER = LoggerFactory.getLogger(Dispatcher.class);

    private static final Duration TICK = Duration.ofMillis(100);
    /**
     * How long a mail from the queue waits for room in its lane before it is put into the waiting room. Longer makes the
     * queue wait for a slow lane, shorter writes mail down that a fast lane would have taken at once.
     */
    private static final Duration PATIENCE = Duration.ofMillis(5);

    /**
     * How long a next hop that nothing is known of may keep others waiting for its answer. Longer makes good mail wait beside many
     * silent hosts, shorter has more slow hosts asked twice.
     */
    private static final Duration FIRST_PATIENCE = Duration.ofMillis(500);
    /** How long it leaves others their turn then. */
    private static final Duration GAVE_WAY = Duration.ofSeconds(5);
    /** How long any other may keep others waiting; who does not answer within it has had his attempt. */
    static final Duration HANGING = Duration.ofSeconds(10);
    /** When nothing has come to its end for so long, and the active set is full, somebody gives way. */
    private static final Duration STANDSTILL = Duration.ofSeconds(2);

    private static final int ASKED_FOR_AT_ONCE = 32;
    private static final int TAKEN_AT_ONCE = 64;

    /**
     * What it works with.
     *
     * @param suspensions those of now; asked often
     */
    public record Tools(
            MailQueue queue,
            WaitingRoom waitingRoom,
            QueueLedger ledger,
            RoutingTable routes,
            RouteResolver resolver,
            Transport transport,
            Notifier notifier,
            AttemptListener listener,
            Supplier<Suspensions> suspensions) {}

    private final WaitingRoom waitingRoom;
    private final QueueLedger ledger;
    private final RoutingTable routes;
    private final RouteResolver resolver;
    private final Transport transport;
    private final Notifier notifier;
    private final AttemptListener listener;
    private final SuspensionCheck suspension;
    private final Shares shares;
    private final Clock clock;
    private final RandomGenerator random;

    private final DispatcherThread loop;
    private final QueueReader intake;
    private final SettlementWriter clerk;
    private final MergedDsnSender merged;
    private final ActiveSet active;
    private final Lanes lanes;
    /** Mails from the queue whose lane has no room; they have a moment to get some. */
    private final ArrayDeque<ActiveMail> patient = new ArrayDeque<>();

    private final PendingActions interventions;
    private final Arrivals arrivals;

    /** Destinations none of whose mail found room since the last tick. */
    private final Set<String> crowdedOut = new HashSet<>();

    private Instant lastEnd;
    private boolean refillPlanned;
    private volatile boolean stopping;

    /** @param io runs what blocks */
    public Dispatcher(Tools tools, Shares shares, Clock clock, RandomGenerator random, ExecutorService io) {
        this.waitingRoom = tools.waitingRoom();
        this.ledger = tools.ledger();
        this.routes = tools.routes();
        this.resolver = tools.resolver();
        this.transport = tools.transport();
        this.notifier = tools.notifier();
        this.listener = tools.listener();
        this.suspension = new SuspensionCheck(tools.suspensions(), tools.routes(), clock);
        this.shares = shares;
        this.clock = clock;
        this.random = random;
        this.loop = new DispatcherThread(io);
        this.clerk = new SettlementWriter(loop, waitingRoom, ledger, clock, this::released);
        this.merged = new MergedDsnSender(loop, waitingRoom, notifier, clock);
        this.lanes = new Lanes(clock);
        this.active = new ActiveSet(shares, lanes.totals());
        this.lastEnd = clock.instant();
        this.interventions =
                new PendingActions(loop, waitingRoom, ledger, lanes, clock, this::bringToHand, this::refill);
        this.arrivals = new Arrivals(waitingRoom, active, clerk, loop, clock, new Entrance());
        this.intake = new QueueReader(tools.queue(), arrivals::taken, loop);
    }

    public void start() {
        intake.start();
        loop.every(TICK, this::tick);
    }

    /** Does now what it does ten times a second: for tests that drive time by hand. */
    void tickNow() throws Exception {
        loop.ask(
                () -> {
                    tick();
                    return null;
                },
                Duration.ofSeconds(10));
    }

    /** Whether there is no mail in the active set or on its way to it, and it is not about to look for more. */
    boolean isIdle() throws Exception {
        return loop.ask(() -> active.isEmpty() && merged.isIdle() && !refillPlanned, Duration.ofSeconds(10));
    }

    private void tick() {
        if (stopping) {
            return;
        }
        Instant now = clock.instant();
        int free = active.free(intake.outstanding());
        waitingRoom
                .takeOverdue(now, Math.min(free, TAKEN_AT_ONCE), waiting -> canBeTried(waiting, now))
                .forEach(waiting -> arrivals.fetch(waiting, true));
        takeMore();
        lanes.forgetUnused();
        startReady();
        makeRoom(now);
    }

    /** Hosts that keep us waiting give way to others. */
    private void makeRoom(Instant now) {
        int wanted = lanes.waitingForFirst() + crowdedOut.size();
        if (active.free(0) == 0 && lastEnd.plus(STANDSTILL).isBefore(now) && somebodyWaits(now)) {
            wanted++;
        }
        crowdedOut.clear();
        if (wanted > 0) {
            transport.giveUpLongestWaits(Math.min(wanted, shares.aFew()), HANGING);
        }
    }

    private boolean somebodyWaits(Instant now) {
        return waitingRoom.hasDue(now) || ledger.usage(QueueState.QUEUED).mails() > 0;
    }

    // ---- Mail comes in -----------------------------------------------------------------------------------------

    private final class Entrance implements Arrivals.Doors {

        @Override
        public void enter(ActiveMail mail) {
            active.add(mail);
            ledger.put(QueueState.ACTIVE, mail.facts());
            proceed(mail);
        }

        @Override
        public void came() {
            refill();
        }

        @Override
        public void unreadable(String id, boolean gone) {
            interventions.unreadable(id, gone);
        }
    }

    /** The active set is done with this mail: it is settled, parked or given back. */
    private void released(ActiveMail mail) {
        lastEnd = clock.instant();
        active.remove(mail);
        mail.dispose();
        interventions.released(mail);
        refill();
    }

    private void refill() {
        if (!refillPlanned && !stopping) {
            refillPlanned = true;
            loop.execute(() -> {
                refillPlanned = false;
                takeMore();
            });
        }
    }

    private void takeMore() {
        if (stopping) {
            return;
        }
        Instant now = clock.instant();
        int free = active.free(intake.outstanding());
        List<ListedMail> due = waitingRoom.takeDue(now, Math.min(free, TAKEN_AT_ONCE), new DueMail(now));
        for (ListedMail waiting : due) {
            if (PostponedNotification.is(waiting.recordId())) {
                merged.tell(waiting);
            } else {
                arrivals.fetch(waiting, false);
            }
        }
        // With a full disk, what came of mail from the queue stays active until it can be written down: that leaves
        // room, too.
        if (patient.isEmpty() && clerk.unwritten().size() < shares.maxMails() / 2) {
            intake.want(Math.min(free - due.size() + intake.outstanding(), shares.ofQueue(ASKED_FOR_AT_ONCE)));
        }
        if (due.size() == TAKEN_AT_ONCE) {
            refill();
        }
    }

    /** Asked of each mail that is due. */
    private final class DueMail implements WaitingRoom.Readiness {
        private final Instant now;

        DueMail(Instant now) {
            this.now = now;
        }

        @Override
        public Optional<Instant> suspendedUntil(ListedMail waiting) {
            return suspension.untilAnyOf(waiting.recipients());
        }

        @Override
        public boolean mayTake(ListedMail waiting) {
            if (active.has(waiting.recordId().id())) {
                // The settlement that has written this record is not at its end: it may still have something to tell.
                return false;
            }
            if (PostponedNotification.is(waiting.recordId())) {
                return merged.begin(waiting);
            }
            String destination = waiting.destination();
            if (suspension.ofHosts(lanes.hostsTowards(destination)).isPresent()) {
                return false;
            }
            Lane lane = lanes.lastOf(destination).orElse(null);
            if (lane != null && !lane.release.allows(now)) {
                return false;
            }
            boolean room = hasRoom(destination, lane);
            if (room) {
                active.expect(waiting, lane == null ? Standing.NEW : lane.standing());
                if (lane != null) {
                    lane.release.take();
                }
            }
            return room;
        }

        private boolean hasRoom(String destination, Lane lane) {
            int coming = active.coming(destination);
            int share = lane == null ? active.shareOfUnknown() : active.shareOf(lane);
            if (share == 0 && coming == 0) {
                crowdedOut(destination, lane);
            }
            return lane == null
                    ? coming < share
                    : lane.accepts(now, (lane.isUnreachable() ? Math.min(1, share) : share) - coming);
        }
    }

    private void crowdedOut(String destination, Lane lane) {
        if (lane == null || (lane.held() == 0 && lane.hasTurn(clock.instant()))) {
            crowdedOut.add(destination);
        }
    }

    /** Whether a mail whose time is over can have its last attempt, as soon as there is room. */
    private boolean canBeTried(ListedMail waiting, Instant now) {
        return waiting.hold().filter(hold -> hold.isOn(now)).isEmpty()
                && whySuspended(waiting).isEmpty()
                && lanes.lastOf(waiting.destination())
                        .filter(lane -> lane.isResting(now))
                        .isEmpty();
    }

    /** Why nothing is delivered at this moment where this mail is to go, if so. Thread-safe. */
    public Optional<String> whySuspended(ListedMail waiting) {
        return waiting.recipients().isEmpty()
                ? Optional.empty()
                : suspension
                        .ofAll(waiting.recipients())
                        .or(() -> suspension.ofHosts(lanes.hostsTowards(waiting.destination())));
    }

    /** Other suspensions count from now on: what has not been started finds its way anew. */
    public void suspensionsChanged() {
        waitingRoom.routesChanged();
        routesChanged();
    }

    // ---- Mail finds its lane -----------------------------------------------------------------------------------

    private void proceed(ActiveMail mail) {
        if (mail.state.hold().filter(hold -> hold.isOn(clock.instant())).isEmpty()) {
            // One whose time is over must not be written down again: what wakes a held mail is the end of its hold.
            mail.state = mail.state.released();
        }
        Optional<PendingActions.Pending> wanted = interventions.take(mail.id());
        if (wanted.isPresent()) {
            carryOut(mail, wanted.get());
            return;
        }
        List<MailAddress> recipients = mail.state.recipients();
        if (!mail.state.notices().isEmpty() || recipients.isEmpty()) {
            clerk.settle(mail, Settlement.ofNotices(mail, clock.instant(), waitingRoom, notifier));
            return;
        }
        List<MailSplit> parts = partsOf(recipients);
        mail.destination = parts.get(0).destination();
        Optional<String> suspended = suspension.ofAll(recipients);
        if (parts.size() > 1) {
            clerk.split(mail, parts);
        } else if (mail.state.hold().isPresent()) {
            waitUntried(mail, mail.lastReason());
        } else if (suspended.isPresent()) {
            waitUntried(mail, suspended.get());
        } else if (mail.overdue && clock.instant().isBefore(mail.state.due()) && !isExpired(mail)) {
            settle(mail, HostlessReport.asLastTried(mail, clock.instant()));
        } else {
            long asked = System.nanoTime();
            resolver.resolve(mail.destination).whenComplete((resolution, trouble) -> {
                Duration took = Duration.ofNanos(System.nanoTime() - asked);
                loop.execute(() -> {
                    mail.dns = took;
                    resolved(mail, resolution, trouble);
                });
            });
        }
    }

    /** What goes another way, and what is suspended, is a mail of its own. */
    private List<MailSplit> partsOf(List<MailAddress> recipients) {
        return MailSplit.of(recipients, routes).stream()
                .flatMap(part -> part
                        .divided(recipient -> suspension.ofRecipient(recipient).isPresent())
                        .stream())
                .toList();
    }

    /** Nothing is tried; the lifetime goes on, and who is to be told is told. */
    private void waitUntried(ActiveMail mail, String reason) {
        if (mail.overdue || isExpired(mail)) {
            settle(mail, HostlessReport.untried(mail, clock.instant(), reason));
        } else {
            clerk.setAside(mail);
        }
    }

    private boolean isExpired(ActiveMail mail) {
        Instant expiry = mail.destination.route().expiry(mail.state.acceptedAt(), !mail.mail.hasSender());
        return !clock.instant().isBefore(expiry);
    }

    private void resolved(ActiveMail mail, Resolution resolution, Throwable trouble) {
        if (stopping) {
            clerk.giveBack(mail);
        } else if (interventions.isWanted(mail.id()) || !isStillRoute(mail)) {
            proceed(mail);
        } else if (resolution instanceof Resolution.Towards towards) {
            mail.towards = towards;
            place(mail);
        } else if (resolution instanceof Resolution.Undeliverable undeliverable) {
            settleAsDecided(mail, Outcome.Verdict.FAILED, undeliverable.status(), undeliverable.reason());
        } else if (resolution instanceof Resolution.NotNow notNow) {
            settleAsDecided(mail, Outcome.Verdict.DEFERRED, notNow.status(), notNow.reason());
        } else {
            LOGGER.error("mail={} {} cannot be resolved", mail.state.name(), mail.destination.key(), trouble);
            settleAsDecided(mail, Outcome.Verdict.DEFERRED, "4.3.0", "internal trouble: " + trouble);
        }
    }

    private boolean isStillRoute(ActiveMail mail) {
        List<MailAddress> recipients = mail.state.recipients();
        return mail.destination
                        .route()
                        .equals(routes.routeOf(recipients.get(0).getDomain().asString()))
                && recipients.stream()
                        .map(recipient ->
                                routes.destinationOf(recipient.getDomain().asString()))
                        .allMatch(mail.destination::equals);
    }

    /** Other routes count from now on: what has not been started finds its way anew. */
    public void routesChanged() {
        loop.execute(() -> {
            List<ActiveMail> again = new ArrayList<>(patient);
            patient.clear();
            lanes.all().forEach(lane -> again.addAll(lane.clear()));
            again.forEach(this::proceed);
            takeMore();
        });
    }

    private void place(ActiveMail mail) {
        active.arrived(mail.id());
        Lane lane = lanes.of(mail);
        if (lane.isResting(clock.instant())) {
            // Perhaps it was not known that this destination leads there.
            waitingRoom.cannotBeTried(mail.destination.key());
        }
        Optional<String> suspended = suspension.ofHosts(lane.hosts());
        if (suspended.isPresent()) {
            waitUntried(mail, suspended.get());
        } else if (enter(mail, lane)) {
            startReady();
        } else if (mail.overdue && (lane.isUnreachable() || !isExpired(mail))) {
            settle(mail, HostlessReport.untried(mail, clock.instant(), lane.whyNot()));
        } else if (mail.record instanceof MailRecord.Queued && lane.moves()) {
            patient.add(mail);
            loop.later(PATIENCE, () -> losePatience(mail));
        } else {
            clerk.setAside(mail);
        }
    }

    private boolean enter(ActiveMail mail, Lane lane) {
        Instant now = clock.instant();
        int share = active.shareOf(lane);
        boolean room = lane.accepts(now, share);
        if (room) {
            lane.enter(mail, now);
            lanes.ready(lane);
        } else if (share == 0) {
            crowdedOut(mail.destination.key(), lane);
        }
        return room;
    }

    private void losePatience(ActiveMail mail) {
        if (patient.remove(mail)) {
            clerk.setAside(mail);
        }
    }

    private void letThePatientIn() {
        for (ActiveMail mail : new ArrayList<>(patient)) {
            if (enter(mail, lanes.of(mail))) {
                patient.remove(mail);
            }
        }
    }

    // ---- Mail is delivered and settled -------------------------------------------------------------------------

    private void startReady() {
        while (!stopping) {
            Lanes.Started started = lanes.startNext(shares).orElse(null);
            if (started == null) {
                return;
            }
            AttemptListener.Timing timing = listener.started();
            boolean unknown = started.lane().standing() == Standing.NEW;
            Duration patience = unknown ? FIRST_PATIENCE : HANGING;
            new Attempt(started.mail(), transport, patience, loop.ioThreads(), clock)
                    .start()
                    .thenAccept(report -> {
                        timing.stop();
                        loop.execute(() -> finished(started, unknown, report));
                    });
        }
    }

    /** @param unknown whether nothing was known of the next hop when it was started */
    private void finished(Lanes.Started started, boolean unknown, AttemptReport report) {
        Instant now = clock.instant();
        Lane lane = started.lane();
        boolean rested = lane.isResting(now);
        lane.finished(started.mail(), report, now);
        lastEnd = now;
        if (lane.isUnreachable() || (report.givenUp() && lane.standing() == Standing.SILENT)) {
            lane.clear().forEach(clerk::setAside);
        }
        if (!rested && lane.isResting(now)) {
            lanes.destinationsOf(lane).forEach(waitingRoom::cannotBeTried);
        }
        if (unknown && report.givenUp() && report.isWithoutReply()) {
            lane.giveWay(now.plus(GAVE_WAY));
            LOGGER.info(
                    "mail={} next hop {} kept it waiting for an answer while others needed the place; it waits",
                    started.mail().state.name(),
                    report.nextHop());
            clerk.setAside(started.mail(), now.plus(GAVE_WAY));
        } else if (stopping && report.isWithoutReply() && isLastAttempt(started.mail())) {
            // It was we who ended its last attempt.
            clerk.giveBack(started.mail());
        } else {
            settle(started.mail(), report);
        }
        lanes.ready(lane);
        letThePatientIn();
        startReady();
    }

    private boolean isLastAttempt(ActiveMail mail) {
        return isExpired(mail) || mail.destination.route().resend().exhaustedAfter(mail.state.attempts() + 1);
    }

    private void settleAsDecided(ActiveMail mail, Outcome.Verdict verdict, String status, String reason) {
        settle(mail, HostlessReport.decided(mail, clock.instant(), verdict, status, reason));
    }

    private void settle(ActiveMail mail, AttemptReport report) {
        Settlement settlement = Settlement.of(mail, report, waitingRoom, notifier, random);
        listener.finished(mail.mail, mail.state, report, settlement.nextAttempt());
        clerk.settle(mail, settlement);
    }

    /**
     * The lane of this next hop, if it has one now. Blocks for a moment.
     *
     * @return empty, too, when the dispatcher is stopped
     * @throws IllegalStateException when the dispatcher does not answer
     */
    public Optional<LaneState> laneOf(NextHop nextHop) {
        return ask(() -> lanes.stateOf(nextHop), Optional.empty());
    }

    private <T> T ask(Callable<T> question, T whenStopped) {
        try {
            return loop.ask(question, Duration.ofSeconds(5));
        } catch (RejectedExecutionException e) {
            return whenStopped;
        } catch (Exception e) {
            throw new IllegalStateException("the outgoing-mail service does not answer: " + e, e);
        }
    }

    // ---- Somebody intervenes -----------------------------------------------------------------------------------

    /**
     * Has this done with a mail. A mail that is in the outgoing queue or on the wire is seen to when it is taken or comes
     * back; until then the result is open. What is open when the process ends is not done.
     */
    public CompletableFuture<QueueAction.Result> act(String id, QueueAction action) {
        PendingActions.Pending wanted =
                new PendingActions.Pending(action, clock.instant(), new CompletableFuture<>());
        if (!loop.execute(() -> interventions.want(id, wanted))) {
            wanted.result().complete(QueueAction.Result.GONE);
        }
        return wanted.result();
    }

    private void bringToHand(String id) {
        active.find(id).filter(this::takeBack).ifPresent(this::proceed);
        waitingRoom.take(id).ifPresent(waiting -> arrivals.fetch(waiting, true));
    }

    /** Takes a mail out of its lane; false when it is in none, or its attempt is under way. */
    private boolean takeBack(ActiveMail mail) {
        return patient.remove(mail) || lanes.all().stream().anyMatch(lane -> lane.leave(mail));
    }

    private void carryOut(ActiveMail mail, PendingActions.Pending wanted) {
        Instant now = clock.instant();
        QueueAction action = wanted.action();
        LOGGER.info("mail={} intervention={}", mail.state.name(), action.kind().word());
        boolean isHeld = mail.state.hold().isPresent();
        mail.carriedOut = wanted;
        if (action.kind() == QueueAction.Kind.DELETE) {
            delete(mail);
        } else if (action.kind() == QueueAction.Kind.FAIL) {
            mail.destination = routes.destinationOf(
                    mail.state.recipients().get(0).getDomain().asString());
            settleAsDecided(mail, Outcome.Verdict.FAILED, "5.3.0", action.whyGivenUp());
        } else if (action.kind() == QueueAction.Kind.HOLD) {
            clerk.park(mail, mail.state.withHold(action.hold(wanted.since())));
        } else if (action.kind() == QueueAction.Kind.RELEASE && isHeld) {
            clerk.park(mail, mail.state.released().withDue(now));
        } else {
            mail.carriedOut = null;
            boolean retry = action.kind() == QueueAction.Kind.RETRY && !isHeld;
            wanted.result().complete(retry ? QueueAction.Result.DONE : QueueAction.Result.NOT_NOW);
            if (retry) {
                mail.state = mail.state.withDue(now);
            }
            proceed(mail);
        }
    }

    /** What was to be told of other recipients before is told all the same. */
    private void delete(ActiveMail mail) {
        if (mail.state.notices().isEmpty()) {
            clerk.delete(mail);
        } else {
            mail.state = mail.state.withRecipients(List.of());
            clerk.settle(mail, Settlement.ofNotices(mail, clock.instant(), waitingRoom, notifier));
        }
    }

    /** The state of a mail of the active set. Blocks for a moment. */
    public Optional<MailState> stateOf(String id) {
        return ask(() -> active.find(id).map(mail -> mail.state), Optional.empty());
    }

    /** The lanes of now. Blocks for a moment. */
    public List<LaneState> lanes() {
        return ask(lanes::states, List.of());
    }

    /** Why nothing can be read from the outgoing queue, if so. */
    public Optional<String> queueTrouble() {
        return intake.trouble();
    }

    /** Why mails cannot be written down, which is tried again and again, by their ids. */
    public Map<String, String> unwritten() {
        return clerk.unwritten();
    }

    /** How many lanes there are. */
    public int laneCount() {
        return lanes.size();
    }

    // ---- The service stops -------------------------------------------------------------------------------------

    /**
     * Stops: nothing new is started, what is under way has {@code grace} to come to its end, the rest is given back. Called
     * once; blocks that long at the most, and a little more.
     */
    public void stop(Duration grace) {
        intake.stop();
        loop.execute(() -> {
            stopping = true;
            arrivals.stop();
            patient.forEach(clerk::giveBack);
            patient.clear();
            lanes.all().forEach(lane -> lane.clear().forEach(clerk::giveBack));
        });
        awaitEmpty(grace);
        // What is not finished by now loses its connection, and is settled as deferred.
        transport.close();
        awaitEmpty(Duration.ofSeconds(1));
        intake.dispose();
        loop.end();
    }

    /** Ends without a word, as a killed process does: for tests. */
    void abandon() {
        stopping = true;
        arrivals.stop();
        intake.dispose();
        loop.end();
    }

    private void awaitEmpty(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        try {
            while (!loop.ask(() -> active.isEmpty() && merged.isIdle(), Duration.ofSeconds(1))
                    && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOGGER.warn("while stopping: {}", e.toString());
        }
    }
}
