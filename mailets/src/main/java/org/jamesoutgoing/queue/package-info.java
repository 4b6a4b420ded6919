/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
/**
 * Where mail is kept while it is not being delivered: admission into James's outgoing queue, and the waiting room.
 *
 * <p>Start reading at {@link org.jamesoutgoing.queue.Admission} (how mail gets in),
 * {@link org.jamesoutgoing.queue.MailState} (what stands on the mail itself, so that nothing depends on the process that
 * wrote it) and {@link org.jamesoutgoing.queue.WaitingRoom} (where deferred mail stays until it is due).
 *
 * <p><b>A mail has one record at a time.</b> That is its item in the outgoing queue, until it is first parked; from then
 * on its newest entry in the waiting room. A waiting mail is delivered straight from the waiting room: its entry stays
 * where it is until what came of the attempt is written down, and only then is removed. There is no step at which a mail
 * would have to be moved back into the queue, and so no moment in which it stands in both or in neither. It also spares
 * one durable write and one read for every retry. An entry is never overwritten: a mail is parked anew under the next
 * sequence number, and the older entry is removed afterwards, so that a process killed in the middle of a write leaves
 * the older one intact.
 *
 * <p><b>A mail that is split</b> is valid as long as its own record is there; its parts are stored beside it and wait only
 * when that is gone, so that a split may fail or be killed anywhere without delivering a part twice.
 *
 * <p><b>How many there are</b>, in which state, and for whom, is in {@link org.jamesoutgoing.queue.QueueLedger}; admission asks
 * it before it lets a mail in. What is known of a mail without reading it is a
 * {@link org.jamesoutgoing.queue.ListedMail}. What finds the queue full waits in the waiting room all the same, with a
 * {@link org.jamesoutgoing.queue.Hold} of its own kind, counted by no limit, until there is room.
 *
 * <p><b>All of it at once</b> is copied by {@link org.jamesoutgoing.queue.MailExport}, and brought in again by
 * {@link org.jamesoutgoing.queue.MailImport}.
 *
 * <p>May use {@code routing} and what is below it.
 */
package org.jamesoutgoing.queue;
