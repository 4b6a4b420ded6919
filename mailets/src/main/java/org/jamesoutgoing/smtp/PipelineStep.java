/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

/** An element of a connection's pipeline. */
sealed interface PipelineStep permits Command, PipelineStep.Then {

    /** What to do as soon as everything before it has been answered. */
    record Then(Runnable action) implements PipelineStep {}
}
