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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.james.core.MailAddress;
import org.apache.james.queue.api.MailQueue;
import org.jamesoutgoing.dsn.RecipientReport.Outcome;
import org.jamesoutgoing.notify.Notifier;
import org.jamesoutgoing.queue.Admission;
import org.jamesoutgoing.queue.ListedMail;
import org.jamesoutgoing.queue.MailPriorities;
import org.jamesoutgoing.queue.MailSplit;
import org.jamesoutgoing.queue.MailState;
import org.jamesoutgoing.queue.QueueLedger;
import org.jamesoutgoing.queue.WaitingRoom;
import org.jamesoutgoing.routing.NextHop;
import org.jamesoutgoing.routing.Resolution;
import org.jamesoutgoing.routing.RouteResolver;
import org.jamesoutgoing.routing.RoutingTable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of a mail, step by step: it is taken in ({@link Intake}), finds its route and next hop, enters the lane of that next
 * hop ({@link Lane}), is attempted ({@link Attempts}), and what came of it is settled ({@link SettlementWriter}).
 *
 * <p>All of this runs on one thread of its own, which owns the active set and the lanes; other threads only hand it something
 * to do. Nothing that may block runs there.
 */
public final class Dispatcher {

    private static final Logger LOGGER = LoggerFactory.getLogger(Dispatcher.class);

    /** How often mail is looked for that is due, or may move for another reason. */
    private static final Duration TICK = Duration.ofMillis(100);

    /**
     * How long a mail from the queue waits for room in its lane before it is put into the waiting room. Longer makes the
     * queue wait for a slow lane, shorter writes mail down that a fast lane would have taken at once.
     */
    private static final Duration PATIENCE = Duration.ofMillis(5);

    /**
     * What it works with.
     *
     * @param adoptedQueue whose mail is taken over by the admission, if any
     * @param suspensions those of now; asked often
     */
    public record Tools(
            MailQueue queue,
            Optional<MailQueue> adoptedQueue,
            Admission admission,
            WaitingRoom waitingRoom,
            QueueLedger ledger,
            RoutingTable routes,
            RouteResolver resolver,
            Transport transport,
            Notifier notifier,
            MailPriorities priorities,
            AttemptListener listener,
            Supplier<Suspensions> suspensions) {}

    private final WaitingRoom waitingRoom;
    private final RoutingTable routes;
    private final RouteResolver resolver;
    private final Transport transport;
    private final Clock clock;

    private final DispatcherThread thread;
    private final Lanes lanes;
    private final ActiveSet active;
    private final SuspensionCheck suspension;
    private final SettlementWriter writer;
    private final PendingActions actions;
    private final Intake intake;
    private final Optional<QueueAdoption> adoption;
    private final Attempts attempts;

    /** @param thread its own; ends with it */
    public Dispatcher(Tools tools, Shares shares, Clock clock, RandomGenerator random, DispatcherThread thread) {
        this.waitingRoom = tools.waitingRoom();
        this.routes = tools.routes();
        this.resolver = tools.resolver();
        this.transport = tools.transport();
        this.clock = clock;
        this.thread = thread;
        this.lanes = new Lanes(clock);
        this.active = new ActiveSet(shares, lanes, clock);
        this.suspension = new SuspensionCheck(tools.suspensions(), routes, lanes, clock);
        this.writer = new SettlementWriter(tools, thread, clock, random, this::released);
        this.actions = new PendingActions(tools, lanes, writer, clock);
        this.intake = new Intake(tools, suspension, active, lanes, writer, actions, thread, clock, this::proceed);
        this.adoption = tools.adoptedQueue().map(queue -> new QueueAdoption(queue, tools.admission(), thread));
        this.attempts = new Attempts(tools, active, lanes, writer, thread, clock);
    }

    // ---- Mail is taken in ------------------------------------------------------------------------------------------

    public void start() {
        intake.start();
        adoption.ifPresent(QueueAdoption::start);
        thread.every(TICK, this::tick);
    }

    /** Does now what it does ten times a second: for tests that drive time by hand. */
    void tickNow() throws Exception {
        thread.ask(
                () -> {
                    tick();
                    return null;
                },
                Duration.ofSeconds(10));
    }

    /** Whether there is no mail in the active set or on its way to it, and it is not about to look for more. */
    boolean isIdle() throws Exception {
        return thread.ask(() -> active.isEmpty() && intake.isIdle(), Duration.ofSeconds(10));
    }

    private void tick() {
        if (thread.isStopping()) {
            return;
        }
        intake.tick();
        adoption.ifPresent(QueueAdoption::tick);
        lanes.forgetUnused();
        attempts.startReady();
        boolean standstill = active.isAtStandstill() && intake.hasMore();
        attempts.makeRoom(lanes.waitingForFirst() + active.takeCrowdedOut() + (standstill ? 1 : 0));
    }

    // ---- It finds its route and its next hop -----------------------------------------------------------------------

    @SuppressWarnings("FutureReturnValueIgnored") // The thread guards what is done.
    private void proceed(ActiveMail mail) {
        if (mail.state.hold().filter(hold -> hold.isOn(clock.instant())).isEmpty()) {
            // A hold that is over is dropped: the waiting room would go by its end, not by the mail's due time.
            mail.state = mail.state.released();
        }
        if (actions.carryOut(mail)) {
            return;
        }
        List<MailAddress> recipients = mail.state.recipients();
        if (!mail.state.notifications().isEmpty() || recipients.isEmpty()) {
            writer.settleNotifications(mail);
            return;
        }
        List<MailSplit> parts = partsOf(recipients);
        mail.destination = parts.get(0).destination();
        Optional<String> suspended = suspension.ofAll(recipients);
        if (parts.size() > 1) {
            writer.split(mail, parts);
        } else if (mail.state.hold().isPresent()) {
            writer.waitUntried(mail, mail.lastReason());
        } else if (suspended.isPresent()) {
            writer.waitUntried(mail, suspended.get());
        } else if (mail.overdue && clock.instant().isBefore(mail.state.due()) && !mail.isExpired(clock.instant())) {
            writer.settleAsLastTried(mail);
        } else {
            long asked = thread.nanoTime();
            resolver.resolve(mail.destination).whenComplete((resolution, trouble) -> {
                Duration took = Duration.ofNanos(thread.nanoTime() - asked);
                thread.execute(() -> {
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

    private void resolved(ActiveMail mail, Resolution resolution, Throwable trouble) {
        if (thread.isStopping()) {
            writer.giveBack(mail);
        } else if (actions.isWanted(mail.id()) || !isStillRoute(mail)) {
            proceed(mail);
        } else if (resolution instanceof Resolution.Towards towards) {
            mail.towards = towards;
            place(mail);
        } else if (resolution instanceof Resolution.Undeliverable undeliverable) {
            writer.settleDecided(mail, Outcome.FAILED, undeliverable.status(), undeliverable.reason());
        } else if (resolution instanceof Resolution.NotNow notNow) {
            writer.settleDecided(mail, Outcome.DEFERRED, notNow.status(), notNow.reason());
        } else {
            LOGGER.error("mail={} {} cannot be resolved", mail.state.name(), mail.destination.key(), trouble);
            writer.settleDecided(mail, Outcome.DEFERRED, "4.3.0", "internal trouble: " + trouble);
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

    // ---- It enters a lane, out of which it is attempted ------------------------------------------------------------

    private void place(ActiveMail mail) {
        active.arrived(mail.id());
        Lane lane = lanes.of(mail);
        if (lane.isResting(clock.instant())) {
            // That this destination leads there may not have been known.
            waitingRoom.cannotBeTried(mail.destination.key());
        }
        Optional<String> suspended = suspension.ofHosts(lane.hosts());
        if (suspended.isPresent()) {
            writer.waitUntried(mail, suspended.get());
        } else if (active.enter(mail, lane)) {
            attempts.startReady();
        } else if (mail.overdue && (lane.isUnreachable() || !mail.isExpired(clock.instant()))) {
            writer.settleUntried(mail, lane.whyNot());
        } else if (mail.record instanceof MailRecord.Queued && lane.moves()) {
            lanes.waitingForRoom.add(mail);
            thread.later(PATIENCE, () -> losePatience(mail));
        } else {
            writer.setAside(mail);
        }
    }

    private void losePatience(ActiveMail mail) {
        if (lanes.waitingForRoom.remove(mail)) {
            writer.setAside(mail);
        }
    }

    // ---- It is settled ---------------------------------------------------------------------------------------------

    /** The active set is done with this mail: it is settled, parked or given back. */
    private void released(ActiveMail mail) {
        active.remove(mail);
        mail.dispose();
        actions.released(mail).ifPresent(open -> seeTo(mail.id(), open));
        intake.refill();
    }

    // ---- What others ask and want ----------------------------------------------------------------------------------

    /**
     * Has this done with a mail. A mail that is in the outgoing queue or on the wire is seen to when it is taken or comes
     * back; until then the result is open. What is open when the process ends is not done.
     *
     * @param since when it was asked for
     */
    public CompletableFuture<QueueAction.Result> act(String id, QueueAction action, Instant since) {
        PendingActions.Pending wanted = new PendingActions.Pending(action, since, new CompletableFuture<>());
        if (!thread.execute(() -> seeTo(id, wanted))) {
            wanted.result().complete(QueueAction.Result.GONE);
        }
        return wanted.result();
    }

    private void seeTo(String id, PendingActions.Pending wanted) {
        if (waitingRoom.isUnread(id)) {
            thread.io(() -> {
                waitingRoom.read(id);
                thread.execute(() -> seeToRead(id, wanted));
            });
        } else {
            seeToRead(id, wanted);
        }
    }

    private void seeToRead(String id, PendingActions.Pending wanted) {
        if (actions.add(id, wanted)) {
            active.find(id).filter(lanes::leave).ifPresent(this::proceed);
            intake.fetch(id);
        }
        intake.refill();
    }

    /** Other routes count from now on: what has not been started finds its way anew. */
    public void routesChanged() {
        thread.execute(() -> {
            lanes.clear().forEach(this::proceed);
            intake.takeMore();
        });
    }

    /** Other suspensions count from now on: what has not been started finds its way anew. */
    public void suspensionsChanged() {
        waitingRoom.routesChanged();
        routesChanged();
    }

    /** Why nothing is delivered at this moment where this mail is to go, if so. Thread-safe. */
    public Optional<String> whySuspended(ListedMail waiting) {
        return suspension.of(waiting);
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
            return thread.ask(question, Duration.ofSeconds(5));
        } catch (RejectedExecutionException e) {
            return whenStopped;
        } catch (Exception e) {
            throw new IllegalStateException("the outgoing-mail service does not answer: " + e, e);
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

    /** Why mails of the outgoing queue cannot be read, which is tried again and again. */
    public List<String> unreadable() {
        return intake.unreadable();
    }

    /** Why mails cannot be written down, which is tried again and again, by their ids. */
    public Map<String, String> unwritten() {
        return writer.unwritten();
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
        adoption.ifPresent(QueueAdoption::stop);
        thread.execute(() -> {
            thread.beginStop();
            lanes.clear().forEach(writer::giveBack);
        });
        thread.await(this::isEmpty, grace);
        // What is not finished by now loses its connection, and is settled as deferred.
        transport.close();
        thread.await(this::isEmpty, Duration.ofSeconds(1));
        intake.dispose();
        adoption.ifPresent(QueueAdoption::dispose);
        thread.end();
    }

    /** Ends without a word, as a killed process does: for tests. */
    void abandon() {
        thread.beginStop();
        intake.dispose();
        adoption.ifPresent(QueueAdoption::dispose);
        thread.end();
    }

    private boolean isEmpty() {
        return active.isEmpty() && intake.isIdle();
    }
}
